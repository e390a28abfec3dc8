using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>
/// Brings a recorded refund to its end: asks Stripe between transactions under the action's id, then has the books brought
/// up to date. Every step may be the last before a crash: <see cref="SweepAsync"/> goes on, and never refunds a second time.
/// </summary>
public sealed partial class RefundRunner(
    Database database, StripeClient stripe, ReversalService reversals, AuditLog audit, SupportOptions options, BalanceFeed feed,
    TimeProvider clock, ILogger<RefundRunner> logger)
{
    private const int LeaseGrowthMax = 10;

    /// <summary>One try. What it comes to stands in the action; one that is still executing is asked about again.</summary>
    /// <param name="isResumed">Somebody may have begun before: take it up only when its lease has run out, and look first.</param>
    public async Task<StaffAction> RunAsync(Guid id, bool isResumed, CancellationToken cancellationToken = default)
    {
        if (await TakeAsync(id, isResumed, cancellationToken) is not { } action)
        {
            return await FindAsync(id, cancellationToken);
        }

        try
        {
            var (refund, refusal) = await AskAsync(action, isResumed, cancellationToken);
            return refund is null
                ? await EndAsync(id, refund: null, refusal, cancellationToken)
                : await BookAsync(action, refund, cancellationToken);
        }
        catch (ProviderException fault)
        {
            LogFault(logger, fault, id, action.TenantId);
            return await FindAsync(id, cancellationToken);
        }
    }

    /// <summary>Takes up what nobody works on any more, the longest due first. Says how many it ended and how many it left.</summary>
    public async Task<(int Ended, int Open)> SweepAsync(int most, CancellationToken cancellationToken = default)
    {
        var (ended, open) = (0, 0);
        foreach (var id in await DueAsync(most, cancellationToken))
        {
            var action = await RunAsync(id, isResumed: true, cancellationToken);
            (ended, open) = action.State is StaffActionState.Executing ? (ended, open + 1) : (ended + 1, open);
        }

        return (ended, open);
    }

    // Neither: it was never made, and its key is too old to make it now. A repeat finds the first refund by its mark or its key.
    private async Task<(Refund? Refund, string? Refusal)> AskAsync(
        StaffAction action, bool isResumed, CancellationToken cancellationToken)
    {
        var isFresh = clock.GetUtcNow() - action.StartedAt < TimeSpan.FromHours(options.KeyHours);
        if (isResumed || !isFresh)
        {
            var made = (await stripe.ListRefundsAsync(action.PaymentIntentId!, cancellationToken)).FirstOrDefault(
                refund => refund.Metadata.GetValueOrDefault(RefundTexts.ActionKey) == action.Id.ToString());
            if (made is not null || !isFresh)
            {
                return (made, made is null ? "never_made" : null);
            }
        }

        try
        {
            var order = new CreateRefund(
                action.PaymentIntentId!, action.RefundCents, action.Reason.ToStripe(), RefundTexts.Metadata(action));
            return (await stripe.CreateRefundAsync(order, action.Id.ToString(), cancellationToken), null);
        }
        catch (ProviderException fault) when (fault is { IsRetryable: false, IsOutcomeUnknown: false })
        {
            return (null, fault.Code); // a clear refusal of the refund itself; whatever else goes wrong leaves it open
        }
    }

    private async Task<StaffAction> BookAsync(StaffAction action, Refund refund, CancellationToken cancellationToken)
    {
        await reversals.RefreshAsync(action.PaymentIntentId, cancellationToken);
        var failure = refund.Status is RefundStatus.Failed or RefundStatus.Canceled ? "refund_failed" : null;
        return await EndAsync(action.Id, refund, failure, cancellationToken);
    }

    // Committed before Stripe is asked: from here on the same question can be put again.
    private async Task<StaffAction?> TakeAsync(Guid id, bool isResumed, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            UPDATE staff_actions
            SET asks = asks + 1, leased_until = clock_timestamp() + make_interval(secs => $2 * least(asks + 1, $3))
            WHERE id = $1 AND kind = 'refund' AND state = 'executing' AND (NOT $4 OR leased_until < clock_timestamp())
            """,
            id, (double)options.LeaseSeconds, LeaseGrowthMax, isResumed);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return null;
        }

        var action = await unit.Db.Set<StaffAction>().AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return action;
    }

    private async Task<StaffAction> EndAsync(
        Guid id, Refund? refund, string? failure, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var action = (await StaffRequests.LockAsync(unit, id, cancellationToken))!;
        if (action.State is not StaffActionState.Executing)
        {
            return action; // another process was faster
        }

        action.State = failure is null ? StaffActionState.Done : StaffActionState.Failed;
        (action.RefundId, action.FailureCode) = (refund?.Id, failure);
        (action.EndedAt, action.LeasedUntil) = (clock.GetUtcNow(), null);
        var actor = new Actor(ActorKind.Staff, action.RequestedBy, action.RequestedByName);
        audit.Record(unit, failure is null
            ? RefundTexts.Audit(action, actor, "done", "made")
            : RefundTexts.Audit(action, actor, "failed", "could not make"));
        feed.Ring(unit, action.TenantId);
        await unit.CommitAsync(cancellationToken);
        LogEnded(logger, id, action.TenantId, action.State, action.Asks);
        return action;
    }

    private async Task<StaffAction> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<StaffAction>().AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken);
    }

    private async Task<List<Guid>> DueAsync(int most, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Database.SqlQuery<Guid>(
            $"""
            SELECT id AS "Value" FROM staff_actions WHERE state = 'executing' AND leased_until < clock_timestamp()
            ORDER BY leased_until LIMIT {most}
            """).ToListAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Refund {ActionId} of tenant {TenantId}: {State} after {Asks} asks")]
    private static partial void LogEnded(ILogger logger, Guid actionId, Guid tenantId, StaffActionState state, int asks);

    [LoggerMessage(LogLevel.Warning, "Refund {ActionId} of tenant {TenantId}: Stripe gave no clear answer; the sweep asks again")]
    private static partial void LogFault(ILogger logger, Exception fault, Guid actionId, Guid tenantId);
}
