using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Messaging;

/// <summary>
/// Sends messages: hold the price, ask the provider, capture or release. A message is handed to the provider once; when
/// its answer is lost, the sweep or a callback finds out what became of it.
/// </summary>
public sealed partial class SmsService(
    Database database, PriceBook prices, LedgerWriter ledger, TwilioClient twilio, SmsAdmission admission,
    SmsSettlement settlement, SmsAddresses addresses, MessagingOptions options, TimeProvider clock,
    ILogger<SmsService> logger)
{
    // As long as an answer is replayed over HTTP (contract, "Errors"): later the same key is a new wish.
    private static readonly TimeSpan KeyKept = TimeSpan.FromHours(24);

    /// <param name="attemptKey">The sender's own key: the same key is one message, however often it comes within a day.
    /// Null: every call is a message.</param>
    public async Task<SmsSend> SendAsync(
        Guid tenantId, Unit plan, SendSms wish, string? attemptKey, CancellationToken cancellationToken = default)
    {
        // (1) Judge it, hold its price and write it down.
        var (message, answer) = await RecordAsync(tenantId, plan, wish, attemptKey, cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        // (2) Ask the provider, with no transaction open. From here on a caller who goes away changes nothing.
        using var span = Telemetry.Step("sms send");
        span?.SetTag("billing.tenant.id", tenantId.ToString()).SetTag("billing.sms.id", message!.Id.ToString());
        using var ids = logger.With(("SmsId", message!.Id));
        var said = await AskAsync(message!);

        // (3) Write down what it said, with the money.
        return await FinishAsync(message!, said);
    }

    /// <summary>Step 1. Either a message to hand to the provider, or an answer.</summary>
    internal async Task<(SmsMessage? Message, SmsSend? Answer)> RecordAsync(
        Guid tenantId, Unit plan, SendSms wish, string? attemptKey, CancellationToken cancellationToken)
    {
        var (draft, fault) = SmsDraft.Read(wish);
        if (draft is null)
        {
            return (null, Refuse(fault!));
        }

        var now = clock.GetUtcNow();
        var book = await prices.SnapshotAsync(cancellationToken);
        if (book.Find(tenantId, plan, ServiceCodes.SmsOutbound, now) is not { } price)
        {
            return (null, Refuse(new(
                SmsRefusalKind.NotAllowed, "not_offered", "SMS is not offered on your plan. Ask support about it.")));
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var requestKey = attemptKey is null ? (Guid?)null : Ids.FromName("sms-send", tenantId.ToString(), attemptKey);
        var judgement = await admission.JudgeAsync(unit, tenantId, draft, requestKey, cancellationToken);
        if (judgement.EarlierId is { } earlierId)
        {
            if (await KeepsKeyAsync(unit, earlierId, now, cancellationToken) is { } earlier)
            {
                return (null, AnswerAgain(earlier, draft));
            }

            judgement = await admission.JudgeAsync(unit, tenantId, draft, requestKey, cancellationToken);
        }

        if (judgement.Pass is not { } pass)
        {
            return (null, Refuse(judgement.Refusal!));
        }

        var message = SmsRecords.Outbound(
            tenantId, pass.Number, draft.To, draft.Body, price.Rate(1), now, now + options.LookUpAfter, requestKey);
        try
        {
            return await WriteAsync(unit, message, pass.PerMinuteMax, cancellationToken) is { } refusal
                ? (null, Refuse(refusal))
                : (message, null);
        }
        catch (PostgresException raced) when (raced.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await using var again = await database.BeginAsync(tenantId, cancellationToken);
            var earlier = await again.Db.Set<SmsMessage>().AsNoTracking()
                .SingleAsync(row => row.RequestKey == requestKey, cancellationToken);
            return (null, AnswerAgain(earlier, draft));
        }
    }

    /// <summary>Step 2. Never throws for what the provider or the way to it does.</summary>
    internal async Task<SmsVerdict> AskAsync(SmsMessage message)
    {
        try
        {
            var answer = await twilio.SendAsync(
                new OutgoingSms(message.From, message.To, message.Body, addresses.StatusOf(message.Id)),
                CancellationToken.None);
            return new SmsVerdict(answer.Message, answer.Refusal, Fault: null);
        }
        catch (ProviderException fault)
        {
            LogFault(logger, message.Id, fault.Code, fault.IsOutcomeUnknown);
            return new SmsVerdict(Message: null, Refusal: null, fault);
        }
    }

    /// <summary>Step 3. Safe to repeat, and after a callback or the sweep was faster.</summary>
    internal async Task<SmsSend> FinishAsync(SmsMessage recorded, SmsVerdict said)
    {
        try
        {
            return await WriteDownAsync(recorded, said);
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The sweep gave this message of the provider to a twin of ours whose answer was lost: then the twin's is ours.
            LogSwapped(logger, recorded.Id);
            return await WriteDownAsync(recorded, said with { Message = null });
        }
    }

    private async Task<SmsSend> WriteDownAsync(SmsMessage recorded, SmsVerdict said)
    {
        await using var unit = await database.BeginAsync(recorded.TenantId);
        var message = await SmsSettlement.LockAsync(unit, recorded.Id, CancellationToken.None)
            ?? throw new InvalidOperationException($"Message {recorded.Id} has gone.");
        switch (said)
        {
            case { Message: { } report }:
                await settlement.ProgressAsync(unit, message, SmsProgress.Of(report), CancellationToken.None);
                break;
            case { Refusal: { } refusal }:
                await settlement.RefuseAsync(unit, message, refusal.Code, CancellationToken.None);
                break;
            case { Fault.IsOutcomeUnknown: false }:
                await settlement.RefuseAsync(unit, message, said.FaultCode, CancellationToken.None);
                break;
            default:
                await settlement.DoubtAsync(unit, message, CancellationToken.None);
                break;
        }

        await unit.CommitAsync(CancellationToken.None);
        return SmsAnswers.Of(message, said.Fault is { IsOutcomeUnknown: false });
    }

    // Null: its day is over, and the key is free again.
    private static async Task<SmsMessage?> KeepsKeyAsync(
        UnitOfWork unit, Guid earlierId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var earlier = await unit.Db.Set<SmsMessage>().SingleAsync(row => row.Id == earlierId, cancellationToken);
        if (earlier.CreatedAt > now - KeyKept || !earlier.State.IsFinal())
        {
            return earlier;
        }

        earlier.RequestKey = null;
        await unit.Db.SaveChangesAsync(cancellationToken); // before the new row takes the key
        return null;
    }

    // The row first, because its lock is the tenant's turn; the books last, because the account's lock is everybody's.
    private async Task<SmsRefusal?> WriteAsync(
        UnitOfWork unit, SmsMessage message, int perMinuteMax, CancellationToken cancellationToken)
    {
        if (await SmsOutboundRow.AddAsync(unit, message, perMinuteMax, cancellationToken) is { } wait)
        {
            return TooMany(perMinuteMax, wait);
        }

        if (message.HoldId is not null)
        {
            var held = (await ledger.PostAsync(unit, [SmsPostings.HoldOf(message)], cancellationToken))[0];
            if (held.Outcome is PostOutcome.Insufficient)
            {
                return new SmsRefusal(
                    SmsRefusalKind.Insufficient, "insufficient_balance",
                    $"A message takes {message.Price}, and {held.Available} are available. Buy more, then send it again.",
                    Shortfall: new(message.Price, held.Balance, held.Available));
            }

            if (held.Outcome is not PostOutcome.Posted)
            {
                throw new InvalidOperationException($"The ledger answered {held.Outcome} to the hold of {message.Id}.");
            }
        }

        await unit.CommitAsync(cancellationToken);
        return null;
    }

    private static SmsSend AnswerAgain(SmsMessage earlier, SmsDraft draft) =>
        earlier.Peer != draft.To || earlier.Body != draft.Body || (draft.From is { } from && earlier.Number != from)
            ? Refuse(new(
                SmsRefusalKind.Conflict, "idempotency_key_reused",
                "This Idempotency-Key was used for another message. Take a new key."))
            : SmsAnswers.Of(earlier, isUnavailable: false);

    private static SmsRefusal TooMany(int most, TimeSpan wait) => new(
        SmsRefusalKind.TooMany, "too_many_messages",
        $"At most {most} messages can be sent within one minute. Wait {Math.Ceiling(wait.TotalSeconds)} seconds.",
        RetryAfter: wait);

    private static SmsSend Refuse(SmsRefusal refusal)
    {
        SmsMetrics.RefusedHere(refusal.Code);
        return new SmsSend(null, refusal);
    }

    [LoggerMessage(LogLevel.Warning, "Sending message {MessageId} failed: {Code}, outcome unknown: {OutcomeUnknown}")]
    private static partial void LogFault(ILogger logger, Guid messageId, string code, bool outcomeUnknown);

    [LoggerMessage(LogLevel.Warning, "The provider's message for {MessageId} was given to a twin; looking for the twin's")]
    private static partial void LogSwapped(ILogger logger, Guid messageId);
}
