using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;

namespace BillingPortal.Messaging;

/// <summary>A message that has come to its end: what was said, by whom, and what became of it.</summary>
/// <param name="Sid">The provider's id.</param>
public sealed record PastSms(
    SmsDirection Direction, string Number, string Peer, string Body, DateTimeOffset At, string Sid, SmsState End,
    int? ErrorCode = null)
{
    public override string ToString() => $"Past SMS {Sid}";
}

/// <summary>
/// Writes messages of the past into rows and books as if they had gone through this room at their time. For histories
/// that are made or taken over: nothing is sent, and nobody is asked.
/// </summary>
public sealed class SmsPast(
    Database database, PriceBook prices, LedgerWriter ledger, MonthlyReservations reservations)
{
    private static readonly TimeSpan Reported = TimeSpan.FromSeconds(7);

    /// <summary>All or none, in one commit; returns what is available afterwards, null where nothing was charged.</summary>
    /// <exception cref="InvalidOperationException">The balance does not cover them.</exception>
    public async Task<Amount?> WriteAsync(
        Guid tenantId, Unit plan, IReadOnlyList<PastSms> past, CancellationToken cancellationToken = default)
    {
        var book = await prices.SnapshotAsync(cancellationToken);
        var messages = past.Select(one => Of(tenantId, plan, one, book)).ToList();
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var charged = messages.Where(message => message.PriceE4 > 0).ToList();
        var results = await reservations.PostAsync(unit, [.. charged.Select(ChargeOf)], cancellationToken);
        foreach (var (message, result) in charged.Zip(results))
        {
            message.PaidBy(result.IsPosted ? result
                : throw new InvalidOperationException($"A past message was not charged: {result.Outcome}."));
        }

        var undone = charged.Where(message => message.Payment is SmsPayment.Refunded).ToList();
        var refunds = await ledger.PostAsync(
            unit, [.. undone.Select(message => SmsPostings.RefundOf(message, message.UpdatedAt))], cancellationToken);
        unit.Db.AddRange(messages);
        await AddAsync(unit, tenantId, [.. messages.SelectMany(StepsOf)], cancellationToken);
        foreach (var stop in messages.Where(IsStop))
        {
            await SmsOptOutRows.AddAsync(
                unit, tenantId, stop.Number, stop.Peer, OptOutSource.Keyword, stop.CreatedAt, cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return results.Concat(refunds).LastOrDefault()?.Available;
    }

    private static SmsMessage Of(Guid tenantId, Unit plan, PastSms past, PriceSnapshot book)
    {
        var isInbound = past.Direction is SmsDirection.Inbound;
        var service = isInbound ? ServiceCodes.SmsInbound : ServiceCodes.SmsOutbound;
        var price = book.Find(tenantId, plan, service, past.At)?.Rate(1) ?? Amount.Zero(plan);
        return new SmsMessage
        {
            Id = Guid.CreateVersion7(past.At),
            TenantId = tenantId,
            Direction = past.Direction,
            Number = past.Number,
            Peer = past.Peer,
            Country = CountryPrefixes.CountryOf(past.Peer),
            Body = past.Body,
            Segments = Math.Max(1, SmsSegments.Measure(past.Body).Segments),
            State = past.End,
            Payment = price.IsZero ? SmsPayment.Free : past.End.IsFailure() ? SmsPayment.Refunded : SmsPayment.Charged,
            Unit = plan,
            PriceE4 = price.E4,
            ProviderSid = past.Sid,
            ErrorCode = past.ErrorCode,
            CreatedAt = past.At,
            UpdatedAt = isInbound ? past.At : past.At + Reported,
        };
    }

    // What was reserved for a moment then is one debit now.
    private static Posting ChargeOf(SmsMessage message) => message.Direction is SmsDirection.Inbound
        ? SmsPostings.DebitOf(message)
        : SmsPostings.CaptureOf(message, message.ProviderSid!) with { Operation = LedgerOperation.Debit };

    private static IEnumerable<SmsStep> StepsOf(SmsMessage message)
    {
        SmsState[] way = message.State is SmsState.Received ? [SmsState.Received]
            : message.State is SmsState.Sent ? [SmsState.Recorded, SmsState.Queued, SmsState.Sent]
            : [SmsState.Recorded, SmsState.Queued, SmsState.Sent, message.State];
        return way.Select((state, number) => new SmsStep
        {
            MessageId = message.Id,
            TenantId = message.TenantId,
            State = state,
            At = message.CreatedAt + (number * (message.UpdatedAt - message.CreatedAt) / Math.Max(1, way.Length - 1)),
            ErrorCode = state == message.State ? message.ErrorCode : null,
        });
    }

    // In one statement: there are four times as many as messages.
    private static async Task AddAsync(
        UnitOfWork unit, Guid tenantId, SmsStep[] steps, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            INSERT INTO sms_steps (tenant_id, message_id, state, at, error_code)
            SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[])
            """,
            tenantId, steps.Select(step => step.MessageId).ToArray(),
            steps.Select(step => TextCodes.Of(step.State)).ToArray(),
            steps.Select(step => step.At.ToUniversalTime()).ToArray(), steps.Select(step => step.ErrorCode).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static bool IsStop(SmsMessage message) => message.Direction is SmsDirection.Inbound
        && SmsKeywords.Read(message.Body, optOutType: null) is SmsKeyword.Stop;
}
