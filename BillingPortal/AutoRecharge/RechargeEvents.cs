using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// What a tenant's own programs are told of its recharges, written with the commit that it tells of. An attempt is one
/// event per end.
/// </summary>
public sealed class RechargeEvents(TenantEvents events, BalanceReader balances, IOptions<AppOptions> app)
{
    internal async Task SucceededAsync(UnitOfWork unit, RechargeAttempt attempt, CancellationToken cancellationToken)
    {
        var balance = await balances.ReadAsync(unit, attempt.TenantId, attempt.Unit, cancellationToken);
        events.Publish(
            unit, attempt.TenantId, TenantEvent.RechargeSucceeded,
            new RechargeSucceededData(
                attempt.Id, TextCodes.Of(attempt.Trigger), attempt.Amount, attempt.Bonus,
                Amount.UsdCents(attempt.PriceCents), balance.Available),
            key: $"{attempt.Id}");
    }

    internal void Failed(UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt) => events.Publish(
        unit, attempt.TenantId, TenantEvent.RechargeFailed,
        new RechargeFailedData(
            attempt.Id, TextCodes.Of(attempt.Trigger), attempt.Amount, Amount.UsdCents(attempt.PriceCents),
            attempt.DeclineCode, rule.ConsecutiveFailures, rule.PausedReason is null ? rule.BackoffUntil : null),
        key: $"{attempt.Id}");

    internal void ActionRequired(UnitOfWork unit, RechargeAttempt attempt) => events.Publish(
        unit, attempt.TenantId, TenantEvent.RechargeActionRequired,
        new RechargeActionData(
            attempt.Id, attempt.Amount, Amount.UsdCents(attempt.PriceCents),
            app.Value.Link(RechargeMails.ConfirmPath(attempt.Id)).ToString(), attempt.LinkExpiresAt),
        key: $"{attempt.Id}");

    /// <summary>The rule has just been paused; the attempt is the one that did it, null for the brake on a spike.</summary>
    internal void Paused(UnitOfWork unit, RechargeRule rule, RechargeAttempt? attempt) => events.Publish(
        unit, rule.TenantId, TenantEvent.RechargePaused,
        new RechargePausedData(TextCodes.Of(rule.PausedReason!.Value), rule.ConsecutiveFailures, attempt?.Id),
        key: attempt is null ? $"{rule.PausedAt!.Value.UtcTicks}" : $"{attempt.Id}");
}
