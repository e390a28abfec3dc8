using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Writes down what became of a charge: the attempt, the rule's failures and pauses, the mail. Each method is one
/// transaction under the rule's lock, and safe to repeat. Never calls the provider.
/// </summary>
public sealed class RechargeOutcomes(
    Database database, CardService cards, SituationReader situations, RechargeMails mails, RechargeEvents events,
    BalanceFeed feed, TimeProvider clock, RechargeOptions options)
{
    /// <summary>
    /// What the attempt's next step is; an answer to a turn that somebody else has finished changes nothing.
    /// </summary>
    internal async Task<ChargeStep> ApplyAsync(
        ChargeTurn turn, ChargeAnswer answer, CancellationToken cancellationToken)
    {
        var (tenantId, id) = (turn.Attempt.TenantId, turn.Attempt.Id);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var (rule, attempt) = await LockAsync(unit, tenantId, id, cancellationToken);
        if (!attempt.State.IsInFlight() || attempt.CardIndex != turn.Attempt.CardIndex)
        {
            return new ChargeStep(attempt.State, GoesOn: false);
        }

        attempt.PaymentIntentId ??= answer.IntentId;
        var goesOn = answer switch
        {
            ChargeAnswer.Refused refused => await RefuseAsync(unit, rule, attempt, refused.Decline, cancellationToken),
            ChargeAnswer.NotCharged not => GiveUp(unit, rule, attempt, not.Code),
            ChargeAnswer.Unknown => Wait(attempt, AttemptState.Unknown),
            _ => Wait(attempt, AttemptState.Charging),
        };
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        RechargeMetrics.Came(attempt.State);
        return new ChargeStep(attempt.State, goesOn);
    }

    /// <summary>
    /// The payment is settled. Whatever the attempt was thought to be, it has succeeded; troubles of the rule are over.
    /// Tells people once.
    /// </summary>
    public async Task SucceedAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var (rule, attempt) = await LockAsync(unit, tenantId, attemptId, cancellationToken);
        if (attempt.State is AttemptState.Succeeded)
        {
            return;
        }

        (attempt.State, attempt.EndedAt, attempt.IsCancelDue) = (AttemptState.Succeeded, clock.GetUtcNow(), false);
        (attempt.DeclineCode, attempt.LinkExpiresAt) = (null, null);
        attempt.PaymentIntentId ??= await unit.Db.Set<Purchase>().Where(purchase => purchase.Id == attemptId)
            .Select(purchase => purchase.PaymentIntentId).SingleAsync(cancellationToken);
        Clear(rule);
        rule.FailingSince = null;
        mails.Over(unit, rule);
        mails.Answered(unit, attempt);
        await unit.Db.SaveChangesAsync(cancellationToken);
        await mails.SucceededAsync(unit, rule, attempt, cancellationToken);
        await events.SucceededAsync(unit, attempt, cancellationToken);
        await WarnOfLimitAsync(unit, rule, cancellationToken);
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        RechargeMetrics.Came(attempt.State);
    }

    /// <summary>The cardholder did not come in time and the intent is cancelled: one failed attempt.</summary>
    public async Task ExpireAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var (rule, attempt) = await LockAsync(unit, tenantId, attemptId, cancellationToken);
        if (attempt.State is not AttemptState.RequiresAction)
        {
            return;
        }

        attempt.DeclineCode = "authentication_expired";
        mails.Answered(unit, attempt);
        Fail(unit, rule, attempt, isCardMissing: false);
        attempt.IsCancelDue = false;
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        RechargeMetrics.Came(attempt.State);
    }

    /// <summary>The refused intent is cancelled at the provider: nothing is left to do for this attempt.</summary>
    public async Task CanceledAsync(Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = unit.Command(
            "UPDATE recharge_attempts SET is_cancel_due = false WHERE tenant_id = $1 AND id = $2", tenantId, attemptId);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends failures, backoff and the pause that follows them. A brake on a spike is for a person to lift.
    /// </summary>
    public static bool Clear(RechargeRule rule)
    {
        var had = rule.ConsecutiveFailures > 0 || rule.BackoffUntil is not null
            || rule.PausedReason is RechargePause.Failures;
        (rule.ConsecutiveFailures, rule.BackoffSince, rule.BackoffUntil) = (0, null, null);
        if (rule.PausedReason is RechargePause.Failures)
        {
            (rule.PausedReason, rule.PausedAt) = (null, null);
        }

        return had;
    }

    /// <summary>Mails the highest share of the spending limit reached, each once per month.</summary>
    internal async Task WarnOfLimitAsync(UnitOfWork unit, RechargeRule rule, CancellationToken cancellationToken)
    {
        if (rule.MonthlyLimitCents is { } limit)
        {
            var now = clock.GetUtcNow();
            var spent = SpendingMonth.Of(now).SpentCents(
                await situations.HistoryAsync(unit, rule.TenantId, now, cancellationToken));
            mails.LimitReached(unit, rule, spent, (int)Math.Min(100, spent * 100 / limit), now);
        }
        else
        {
            mails.LimitOver(unit, rule);
        }
    }

    // Next card, or the cardholder, or the end of the attempt.
    private async Task<bool> RefuseAsync(
        UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt, Decline decline,
        CancellationToken cancellationToken)
    {
        (attempt.DeclineCode, attempt.DeclinedCard) = (DeclineText.CodeOf(decline), attempt.Card);
        await cards.MarkNeedsAttentionAsync(unit, attempt.Card, decline, cancellationToken);
        if (decline.Class is DeclineClass.BringTheCustomer)
        {
            attempt.State = AttemptState.RequiresAction;
            attempt.LinkExpiresAt = clock.GetUtcNow().AddHours(options.LinkHours);
            attempt.LeasedUntil = TimeProvider.System.GetUtcNow(); // nobody works on it until somebody comes
            rule.FailingSince ??= clock.GetUtcNow();
            mails.AuthenticationNeeded(unit, attempt);
            events.ActionRequired(unit, attempt);
            return false;
        }

        if (attempt.CardIndex + 1 < attempt.Cards.Length)
        {
            (attempt.CardIndex, attempt.State) = (attempt.CardIndex + 1, AttemptState.Charging);
            return true;
        }

        var isCardMissing = decline.Class is DeclineClass.NewCardNeeded
            && !await situations.HasUsableCardAsync(unit, rule, cancellationToken);
        Fail(unit, rule, attempt, isCardMissing);
        return false;
    }

    private void Fail(UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt, bool isCardMissing)
    {
        var now = clock.GetUtcNow();
        (attempt.State, attempt.EndedAt, attempt.LinkExpiresAt) = (AttemptState.Declined, now, null);
        attempt.IsCancelDue = attempt.PaymentIntentId is not null;
        rule.ConsecutiveFailures++;
        rule.FailingSince ??= now;
        (rule.BackoffSince, rule.BackoffUntil) = (now, now + options.BackoffAfter(rule.ConsecutiveFailures));
        if (rule.PausedReason is null && (isCardMissing || rule.ConsecutiveFailures >= options.FailuresBeforePause))
        {
            (rule.PausedReason, rule.PausedAt) = (RechargePause.Failures, now);
            mails.Paused(unit, rule, attempt);
            events.Paused(unit, rule, attempt);
        }
        else if (rule.ConsecutiveFailures == 1)
        {
            mails.Declined(unit, rule, attempt);
        }

        events.Failed(unit, rule, attempt);
    }

    private bool GiveUp(UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt, string code)
    {
        (attempt.State, attempt.EndedAt, attempt.DeclineCode) = (AttemptState.Canceled, clock.GetUtcNow(), code);
        attempt.IsCancelDue = attempt.PaymentIntentId is not null;
        events.Failed(unit, rule, attempt);
        return false;
    }

    private static bool Wait(RechargeAttempt attempt, AttemptState state)
    {
        attempt.State = state;
        return false;
    }

    // Always the rule first: whoever holds it is alone with the tenant's attempts.
    private static async Task<(RechargeRule Rule, RechargeAttempt Attempt)> LockAsync(
        UnitOfWork unit, Guid tenantId, Guid attemptId, CancellationToken cancellationToken)
    {
        var rule = await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken)
            ?? throw new InvalidOperationException($"Attempt {attemptId} of tenant {tenantId} has no rule.");
        var attempts = await unit.Db.Set<RechargeAttempt>()
            .FromSql($"SELECT * FROM recharge_attempts WHERE tenant_id = {tenantId} AND id = {attemptId} FOR UPDATE")
            .ToListAsync(cancellationToken);
        return (rule, attempts.Single());
    }
}

/// <summary>Where the attempt stands and whether its next card is to be asked at once.</summary>
internal readonly record struct ChargeStep(AttemptState State, bool GoesOn);
