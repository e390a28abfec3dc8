using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Brings an attempt that is on record to its end: asks Stripe between transactions, card after card. Every step may be
/// the last before a crash; <see cref="ResumeAsync"/> goes on where the rows say, in this process or another.
/// </summary>
public sealed partial class RechargeCharger(
    Database database, StripeCharge stripe, RechargeOutcomes outcomes, PurchaseService purchases, TimeProvider clock,
    RechargeOptions options, ILogger<RechargeCharger> logger)
{
    private const int CardsMax = 50;
    private const int OverdueSeconds = 60;

    /// <summary>Asks one card after the other until the attempt has an outcome, or nobody can say yet.</summary>
    /// <param name="isResumed">Somebody may have begun before: take it up only when its lease has run out, and read
    /// before asking.</param>
    public async Task<AttemptState> ChargeAsync(
        Guid tenantId, Guid attemptId, bool isResumed, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Step("recharge charge");
        span?.SetTag("billing.tenant.id", tenantId.ToString()).SetTag("billing.purchase.id", attemptId.ToString());
        using var scope = logger.With(("TenantId", tenantId), ("PurchaseId", attemptId));
        for (var card = 0; card < CardsMax; card++)
        {
            if (await TakeAsync(tenantId, attemptId, isResumed, cancellationToken) is not { } turn)
            {
                break;
            }

            var answer = await stripe.AskAsync(turn, cancellationToken);
            if (answer is ChargeAnswer.Paid paid)
            {
                return await SettleAsync(turn.Attempt, paid.Intent, cancellationToken);
            }

            var step = await outcomes.ApplyAsync(turn, answer, cancellationToken);
            LogAnswer(logger, attemptId, tenantId, turn.Attempt.CardIndex, step.State);
            if (!step.GoesOn)
            {
                await TidyAsync(tenantId, attemptId, cancellationToken);
                return step.State;
            }

            isResumed = false;
        }

        return (await FindAsync(tenantId, attemptId, cancellationToken)).State;
    }

    /// <summary>Whatever an attempt still needs: an answer, its end after the link's, its intent cancelled.</summary>
    public async Task ResumeAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        var attempt = await FindAsync(tenantId, attemptId, cancellationToken);
        if (attempt.State.IsInFlight())
        {
            await ChargeAsync(tenantId, attemptId, isResumed: true, cancellationToken);
        }
        else if (attempt.IsCancelDue || attempt.LinkExpiresAt <= clock.GetUtcNow())
        {
            await ExtendAsync(tenantId, attemptId, cancellationToken);
            await TidyAsync(tenantId, attemptId, cancellationToken);
        }
    }

    /// <summary>After 3-D Secure on the portal: reads the intent and settles it if it is paid.</summary>
    public async Task<AttemptState> FinishAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        var attempt = await FindAsync(tenantId, attemptId, cancellationToken);
        if (attempt is { State: AttemptState.RequiresAction, PaymentIntentId: { } intent }
            && await stripe.ReadAsync(intent, attempt.Card, cancellationToken) is ChargeAnswer.Paid)
        {
            return await SettleAsync(attempt, intent, cancellationToken);
        }

        return attempt.State;
    }

    // The one way to credits is the purchase's; the attempt follows. A crash in between is made up for by
    // "purchase.settled".
    private async Task<AttemptState> SettleAsync(
        RechargeAttempt attempt, string intent, CancellationToken cancellationToken)
    {
        try
        {
            var settled = await purchases.SettleAsync(intent, cancellationToken);
            if (settled.Outcome is SettleOutcome.UnderReview or SettleOutcome.NotOurs)
            {
                LogReview(logger, attempt.Id, attempt.TenantId, intent, settled.Outcome);
            }
        }
        catch (ProviderException fault)
        {
            LogFault(logger, fault, attempt.Id, attempt.TenantId);
            return AttemptState.Charging;
        }

        await outcomes.SucceedAsync(attempt.TenantId, attempt.Id, cancellationToken);
        return AttemptState.Succeeded;
    }

    // What is left to do at Stripe once an attempt has its outcome. A failure here is made up for by the next sweep.
    private async Task TidyAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        var attempt = await FindAsync(tenantId, attemptId, cancellationToken);
        if (attempt.PaymentIntentId is not { } intent || attempt.State.IsInFlight())
        {
            return;
        }

        try
        {
            var isExpired = attempt.State is AttemptState.RequiresAction && attempt.LinkExpiresAt <= clock.GetUtcNow();
            if (isExpired || attempt.IsCancelDue)
            {
                await CancelAsync(attempt, intent, isExpired, cancellationToken);
            }
            else
            {
                await purchases.RefreshAsync(intent, cancellationToken);
            }
        }
        catch (ProviderException fault)
        {
            LogFault(logger, fault, attemptId, tenantId);
        }
    }

    private async Task CancelAsync(
        RechargeAttempt attempt, string intent, bool isExpired, CancellationToken cancellationToken)
    {
        var status = await stripe.CancelAsync(attempt, cancellationToken);
        if (status is PaymentStatus.Succeeded)
        {
            await SettleAsync(attempt, intent, cancellationToken); // paid a moment before
            return;
        }

        if (status is not PaymentStatus.Canceled)
        {
            return;
        }

        await purchases.RefreshAsync(intent, cancellationToken);
        if (isExpired)
        {
            await outcomes.ExpireAsync(attempt.TenantId, attempt.Id, cancellationToken);
        }
        else
        {
            await outcomes.CanceledAsync(attempt.TenantId, attempt.Id, cancellationToken);
        }
    }

    // Committed before the provider is asked: from here on the same question can be put again. On the database's clock,
    // which all
    // processes share and no rehearsal moves.
    private async Task<ChargeTurn?> TakeAsync(
        Guid tenantId, Guid attemptId, bool isResumed, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = unit.Command(
            """
            UPDATE recharge_attempts
            SET state = 'charging', reached_card = true, asked_at = coalesce(asked_at, clock_timestamp()),
                leased_until = clock_timestamp() + make_interval(secs => $3)
            WHERE tenant_id = $1 AND id = $2 AND state IN ('recorded', 'charging', 'unknown')
              AND (NOT $4 OR leased_until < clock_timestamp())
            RETURNING extract(epoch FROM clock_timestamp() - asked_at)::float8
            """, tenantId, attemptId, (double)options.StaleAfterSeconds, isResumed);
        if (await command.ExecuteScalarAsync(cancellationToken) is not double askedSecondsAgo)
        {
            return null;
        }

        var attempt = await unit.Db.Set<RechargeAttempt>().AsNoTracking()
            .SingleAsync(row => row.TenantId == tenantId && row.Id == attemptId, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        var age = TimeSpan.FromSeconds(askedSecondsAgo);
        var keyLife = TimeSpan.FromHours(options.KeyHours);
        return new ChargeTurn(
            attempt, isResumed, IsKeyFresh: age < keyLife && clock.GetUtcNow() - attempt.StartedAt < keyLife,
            IsOverdue: age > TimeSpan.FromSeconds(OverdueSeconds));
    }

    private async Task ExtendAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = unit.Command(
            """
            UPDATE recharge_attempts SET leased_until = clock_timestamp() + make_interval(secs => $3) WHERE tenant_id =
                $1 AND id = $2
            """, tenantId, attemptId, (double)options.StaleAfterSeconds);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    private async Task<RechargeAttempt> FindAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<RechargeAttempt>().AsNoTracking()
            .SingleAsync(row => row.TenantId == tenantId && row.Id == attemptId, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Recharge {AttemptId} of tenant {TenantId}, card {CardIndex}: {State}")]
    private static partial void LogAnswer(
        ILogger logger, Guid attemptId, Guid tenantId, int cardIndex, AttemptState state);

    [LoggerMessage(
        LogLevel.Error, "Recharge {AttemptId} of tenant {TenantId} was paid by {PaymentIntentId}, but is {Outcome}")]
    private static partial void LogReview(
        ILogger logger, Guid attemptId, Guid tenantId, string paymentIntentId, SettleOutcome outcome);

    [LoggerMessage(LogLevel.Warning,
        "Recharge {AttemptId} of tenant {TenantId}: the provider did not answer; the sweep asks again")]
    private static partial void LogFault(ILogger logger, Exception fault, Guid attemptId, Guid tenantId);
}
