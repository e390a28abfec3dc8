using System.Diagnostics;
using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>What an operator watches: what is posted and refused, how well commits are shared, how long they take.</summary>
internal static class LedgerMetrics
{
    public const string BatchSizeName = "billing.ledger.batch_size";
    private const int LinksMax = 32;

    private static readonly Counter<long> Postings = Telemetry.Meter.CreateCounter<long>(
        "billing.ledger.postings", "{posting}", "Postings by operation and outcome; failed ones were answered with an error");

    private static readonly Histogram<double> BatchDuration = Telemetry.Meter.CreateHistogram(
        "billing.ledger.batch.duration", "s", "From a batch's beginning to its durable commit, repeats included", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

    public static Histogram<int> BatchSize { get; } = Telemetry.Meter.CreateHistogram(
        BatchSizeName, "{posting}", "Postings that shared one commit", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] });

    public static void Zero() => Postings.Zero("outcome", "posted", "insufficient", "failed");

    /// <summary>A span around one commit, linked to everybody whose postings are in it. Null while traces are not exported.</summary>
    public static Activity? Span(IReadOnlyList<PendingPosting> batch)
    {
        if (!Telemetry.Source.HasListeners() || !batch.Any(pending => pending.Cause != default))
        {
            return null;
        }

        var links = batch.Where(pending => pending.Cause != default).Select(pending => pending.Cause).Distinct().Take(LinksMax)
            .Select(cause => new ActivityLink(cause));
        var span = Telemetry.Source.StartActivity("ledger batch", ActivityKind.Internal, default(ActivityContext), links: links);
        return span?.SetTag("billing.ledger.postings", batch.Count);
    }

    /// <summary>A batch of the writer's own: one commit.</summary>
    public static void Committed(IReadOnlyList<PendingPosting> batch, PostResult[] results, long began)
    {
        BatchSize.Record(batch.Count);
        BatchDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        Count(batch, results);
    }

    /// <summary>Adds up first: a batch of hundreds counts in a few steps.</summary>
    public static void Count(IReadOnlyList<PendingPosting> batch, PostResult[]? results)
    {
        if (!Postings.Enabled)
        {
            return;
        }

        var counts = new Dictionary<(LedgerOperation, PostOutcome?), int>();
        for (var i = 0; i < batch.Count; i++)
        {
            var what = (batch[i].Posting.Operation, results?[i].Outcome);
            counts[what] = counts.GetValueOrDefault(what) + 1;
        }

        foreach (var ((operation, outcome), count) in counts)
        {
            Postings.Add(count, new KeyValuePair<string, object?>("operation", LedgerCodes.Of(operation)), new("outcome", Word(outcome)));
        }
    }

    private static string Word(PostOutcome? outcome) => outcome is { } known ? TextCodes.Of(known) : "failed";
}
