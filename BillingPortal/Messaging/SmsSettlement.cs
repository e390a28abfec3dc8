using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Providers.Sms;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>What the provider says about a message that it has.</summary>
internal sealed record SmsProgress(string Sid, SmsState State, int? Segments, int? ErrorCode)
{
    public static SmsProgress Of(SmsReport report) => new(
        report.Sid, SmsStatePolicy.Of(report.Status) ?? SmsState.Queued, report.Segments, report.ErrorCode);
}

/// <summary>
/// Writes what became known of an outbound message together with its money; the caller has locked the message and
/// commits. Whoever learns it first, the send itself, a callback or the sweep, it is charged once and refunded once.
/// </summary>
public sealed partial class SmsSettlement(
    LedgerWriter ledger, MonthlyReservations reservations, BalanceFeed feed, MessagingOptions options, TimeProvider clock,
    ILogger<SmsSettlement> logger)
{
    private const int OptedOutCode = 21610;

    /// <summary>The outbound message under its lock, or null.</summary>
    internal static Task<SmsMessage?> LockAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken)
    {
        unit.Db.Database.AutoSavepointsEnabled = false; // a unit that fails is thrown away as a whole
        return unit.Db.Set<SmsMessage>()
            .FromSql($"SELECT * FROM sms_messages WHERE id = {id} AND direction = 'outbound' FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The provider has it. False: it changed nothing, because it came late or twice.</summary>
    internal async Task<bool> ProgressAsync(
        UnitOfWork unit, SmsMessage message, SmsProgress progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await SmsSteps.AddAsync(unit, message, progress.State, progress.ErrorCode, now, cancellationToken);
        if (message.State.IsFinal() && message.ProviderSid is null)
        {
            LogLate(logger, message.Id, message.State, progress.State);
        }

        message.ProviderSid ??= progress.Sid;
        message.Segments = progress.Segments ?? message.Segments;
        if (!SmsStatePolicy.Moves(message.State, progress.State))
        {
            return false;
        }

        await PayAsync(unit, message, progress, now, cancellationToken);
        message.State = progress.State;
        message.ErrorCode = progress.ErrorCode ?? message.ErrorCode;
        message.UpdatedAt = now;
        message.CheckAt = message.State.IsFinal() ? null : message.CreatedAt + options.StaleAfter;
        message.Looks = 0;
        SmsMetrics.Moved(message.State);
        feed.Ring(unit, message.TenantId);
        return true;
    }

    /// <summary>It was not sent: what was held is free again, and the same key may be used anew.</summary>
    internal async Task RefuseAsync(
        UnitOfWork unit, SmsMessage message, int? code, CancellationToken cancellationToken)
    {
        if (message.State.IsTaken() || message.State.IsFinal())
        {
            return; // a callback has said otherwise
        }

        var now = clock.GetUtcNow();
        if (message.Payment is SmsPayment.Held)
        {
            await ReleaseAsync(unit, message, cancellationToken);
        }

        if (code == OptedOutCode)
        {
            await SmsOptOutRows.AddAsync(
                unit, message.TenantId, message.Number, message.Peer, OptOutSource.Provider, now, cancellationToken);
        }

        await SmsSteps.AddAsync(unit, message, SmsState.Refused, code, now, cancellationToken);
        message.State = SmsState.Refused;
        message.ErrorCode = code;
        message.RequestKey = null;
        message.CheckAt = null;
        message.UpdatedAt = now;
        SmsMetrics.Moved(message.State);
        feed.Ring(unit, message.TenantId);
    }

    /// <summary>Nobody knows yet whether the provider has it: looked up soon, never sent again.</summary>
    internal async Task DoubtAsync(UnitOfWork unit, SmsMessage message, CancellationToken cancellationToken)
    {
        if (!SmsStatePolicy.Moves(message.State, SmsState.Unknown))
        {
            return;
        }

        var now = clock.GetUtcNow();
        await SmsSteps.AddAsync(unit, message, SmsState.Unknown, code: null, now, cancellationToken);
        message.State = SmsState.Unknown;
        message.CheckAt = now;
        message.UpdatedAt = now;
        SmsMetrics.Moved(message.State);
        feed.Ring(unit, message.TenantId);
    }

    private async Task PayAsync(
        UnitOfWork unit, SmsMessage message, SmsProgress progress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isFree = progress.State.IsFailure() && options.RefundFailed;
        switch (message.Payment)
        {
            case SmsPayment.Held when isFree:
                await ReleaseAsync(unit, message, cancellationToken);
                break;
            case SmsPayment.Held:
                await CaptureAsync(unit, message, progress.Sid, cancellationToken);
                break;
            case SmsPayment.Charged when isFree:
                Expect(await ledger.PostAsync(unit, [SmsPostings.RefundOf(message, now)], cancellationToken), message);
                message.Payment = SmsPayment.Refunded;
                break;
            case SmsPayment.Free or SmsPayment.Charged or SmsPayment.Released or SmsPayment.Refunded
                or SmsPayment.Unpaid:
                break;
        }
    }

    private async Task CaptureAsync(UnitOfWork unit, SmsMessage message, string sid, CancellationToken cancellationToken)
    {
        var captured = Expect(
            await reservations.PostAsync(unit, [SmsPostings.CaptureOf(message, sid)], cancellationToken), message);
        if (captured.Outcome is PostOutcome.Duplicate)
        {
            // Reported as usage before: that is the charge. The same account is locked already.
            Expect(await ledger.PostAsync(unit, [SmsPostings.ReleaseOf(message)], cancellationToken), message);
        }

        message.Payment = SmsPayment.Charged;
        message.PaidBy(captured);
    }

    private async Task ReleaseAsync(UnitOfWork unit, SmsMessage message, CancellationToken cancellationToken)
    {
        Expect(await ledger.PostAsync(unit, [SmsPostings.ReleaseOf(message)], cancellationToken), message);
        message.Payment = SmsPayment.Released;
    }

    private static PostResult Expect(IReadOnlyList<PostResult> results, SmsMessage message) => results[0].IsPosted
        ? results[0]
        : throw new InvalidOperationException($"The ledger answered {results[0].Outcome} about message {message.Id}.");

    [LoggerMessage(
        LogLevel.Warning, "Message {MessageId} is {State} for us, and the provider reports {Reported}: nothing is charged")]
    private static partial void LogLate(ILogger logger, Guid messageId, SmsState state, SmsState reported);
}
