using System.Diagnostics.Metrics;
using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Benchmarks;

/// <summary>The portal's own writer with its shipped settings.</summary>
internal sealed class OursMode : IDebitMode
{
    private readonly LedgerWriter _ledger;
    private readonly bool _textKeys;
    private readonly MeterListener _meter = new();
    private readonly Guid _run = Ids.New(); // a reference of an earlier round would be a repeat
    private long _number;
    private long _batches;
    private long _postings;

    public OursMode(BenchmarkServer server, bool textKeys)
    {
        _ledger = new LedgerWriter(server.Database, TimeProvider.System);
        _textKeys = textKeys;
        Name = textKeys ? "ours-text-keys" : "ours";
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == LedgerMetrics.BatchSizeName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            Interlocked.Increment(ref _batches);
            Interlocked.Add(ref _postings, size);
        });
        _meter.Start();
    }

    public string Name { get; }

    public double TakeBatchSize() =>
        (double)Interlocked.Exchange(ref _postings, 0) / Math.Max(1, Interlocked.Exchange(ref _batches, 0));

    public async Task DebitAsync(int caller, Guid tenantId)
    {
        var reference = _textKeys ? string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _number)}") : null;
        var result = await _ledger.PostAsync(new Posting
        {
            TenantId = tenantId,
            Operation = LedgerOperation.Debit,
            Amount = new Amount(Amount.Scale, Unit.Credits),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.VoiceRevenue,
            Key = reference is null ? Ids.New() : Ids.FromName("usage", "voice", reference, Name),
            Reference = reference,
            CauseType = "benchmark",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        if (result.Outcome != PostOutcome.Posted)
        {
            throw new InvalidOperationException($"A debit was {result.Outcome}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _ledger.DisposeAsync();
    }
}
