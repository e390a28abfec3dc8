using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Auto-recharge from the request to the charge: lock the rule, decide, record the decision and the attempt, commit;
/// then ask Stripe. However many processes see the same crossing, the lock and the unique open attempt let one of them
/// charge.
/// </summary>
public sealed partial class AutoRechargeService(
    Database database, SituationReader situations, PurchaseService purchases, RechargeCharger charger,
    RechargeOutcomes outcomes, InvoiceIssuer invoices,
    RechargeRequests requests, RechargeMails mails, RechargeEvents events, BalanceFeed feed, RechargeDue sweepable,
    RechargeOptions options, ILogger<AutoRechargeService> logger)
{
    /// <summary>
    /// Evaluates the tenant's rule and charges when it says so. The answer of the cards is awaited; a caller that goes
    /// away meanwhile stops nothing.
    /// </summary>
    public async Task<RechargeRun> RunAsync(
        Guid tenantId, RechargeTrigger trigger, CancellationToken cancellationToken = default)
    {
        // Of the operations role, as the crossing's: an invoice takes its number where no tenant's session may.
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (decision, attempt) = await DecideAsync(unit, tenantId, trigger, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return await ChargeAsync(tenantId, decision, attempt);
    }

    /// <summary>
    /// The same for a crossing's request, which is completed by the commit that records the evaluation.
    /// </summary>
    public async Task<RechargeRun> RunAsync(RechargeLease request, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (decision, attempt) =
            await DecideAsync(unit, request.TenantId, RechargeTrigger.Crossing, cancellationToken);
        await requests.CompleteAsync(unit, request, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return await ChargeAsync(request.TenantId, decision, attempt);
    }

    /// <summary>
    /// The safety net: evaluates tenants whose account is below their threshold, those first that were not looked at
    /// for longest.
    /// </summary>
    public async Task<RechargeSweep> SweepAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        var (recharged, skipped, failed) = (0, 0, 0);
        var due = await sweepable.TakeAsync(tenantsMax, cancellationToken);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.TenantsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(due, parallel, async (tenantId, stopping) =>
        {
            try
            {
                var run = await RunAsync(tenantId, RechargeTrigger.Sweep, stopping);
                Interlocked.Increment(
                    ref run.State is null ? ref skipped : ref run.Succeeded ? ref recharged : ref failed);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
                LogFailed(logger, exception, tenantId);
                RunFaults.Note(tenantId, "auto-recharge", exception);
            }
        });
        return new RechargeSweep(recharged, skipped, failed);
    }

    // The attempt stands: from here on nobody who goes away stops it.
    private async Task<RechargeRun> ChargeAsync(Guid tenantId, RechargeDecision decision, RechargeAttempt? attempt) =>
        attempt switch
        {
            null => new RechargeRun(decision),
            { InvoiceId: not null } => new RechargeRun(decision, attempt.Id, attempt.State),
            _ => new RechargeRun(decision, attempt.Id, await charger.ChargeAsync(
                tenantId, attempt.Id, isResumed: false, CancellationToken.None)),
        };

    // The caller commits: the decision, the attempt and its purchase stand together or not at all.
    private async Task<(RechargeDecision Decision, RechargeAttempt? Attempt)> DecideAsync(
        UnitOfWork unit, Guid tenantId, RechargeTrigger trigger, CancellationToken cancellationToken)
    {
        var rule = await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken);
        var terms = rule is { PaysByInvoice: true }
            ? (await invoices.LockAsync(unit, tenantId, cancellationToken)).Terms : null;
        var (situation, decision) = await situations.EvaluateAsync(unit, tenantId, rule, trigger, cancellationToken);
        var attempt = !decision.Charges ? null
            : terms is null ? await RecordAsync(unit, rule!, situation, decision, cancellationToken)
            : await InvoiceAsync(unit, rule!, terms, situation, decision, cancellationToken);
        await RememberAsync(unit, tenantId, situation, decision, attempt?.Id, cancellationToken);
        if (rule is not null)
        {
            await NoticeAsync(unit, rule, situation, decision, cancellationToken);
        }

        feed.Ring(unit, tenantId);
        RechargeMetrics.Evaluated(trigger, decision.Reason);
        LogDecided(logger, tenantId, trigger, decision.Reason, attempt?.Id);
        return (decision, attempt);
    }

    // Nobody is asked for a payment: the invoice stands with the decision, and so do its credits where they come at once.
    private async Task<RechargeAttempt> InvoiceAsync(
        UnitOfWork unit, RechargeRule rule, InvoiceTerms terms, RechargeSituation situation, RechargeDecision decision,
        CancellationToken cancellationToken)
    {
        var (order, id) = (decision.Order!, Ids.New());
        var invoice = await invoices.IssueAsync(unit, terms, new InvoiceOrder(
            id, InvoiceOrigin.AutoRecharge, order.Amount, order.Bonus, (int)order.PriceCents, PackageCode: null,
            id.ToString(), IssuedBy: null), cancellationToken);
        var attempt = new RechargeAttempt
        {
            Id = id,
            TenantId = rule.TenantId,
            Trigger = situation.Trigger,
            State = AttemptState.Succeeded,
            Unit = rule.Unit,
            AmountE4 = order.Amount.E4,
            BonusE4 = order.Bonus.E4,
            PriceCents = order.PriceCents,
            Description = $"{order.Description}, invoice {invoice.Text}",
            InvoiceId = invoice.Id,
            ReachedCard = true,
            StartedAt = situation.Now,
            EndedAt = situation.Now,
            LeasedUntil = TimeProvider.System.GetUtcNow(),
        };
        unit.Db.Add(attempt);
        rule.LastTriggeredAt = situation.Now;
        await unit.Db.SaveChangesAsync(cancellationToken);
        await outcomes.WarnOfLimitAsync(unit, rule, cancellationToken);
        return attempt;
    }

    private async Task<RechargeAttempt> RecordAsync(
        UnitOfWork unit, RechargeRule rule, RechargeSituation situation, RechargeDecision decision,
        CancellationToken cancellationToken)
    {
        var order = decision.Order!;
        var attempt = new RechargeAttempt
        {
            Id = Ids.New(),
            TenantId = rule.TenantId,
            Trigger = situation.Trigger,
            State = AttemptState.Recorded,
            Unit = rule.Unit,
            AmountE4 = order.Amount.E4,
            BonusE4 = order.Bonus.E4,
            PriceCents = order.PriceCents,
            Description = order.Description,
            CustomerId = await unit.Db.Set<StripeCustomer>().Where(customer => customer.TenantId == rule.TenantId)
                .Select(customer => customer.CustomerId!).SingleAsync(cancellationToken),
            Cards = [.. decision.Cards],
            StartedAt = situation.Now,
            LeasedUntil = TimeProvider.System.GetUtcNow().AddSeconds(options.StaleAfterSeconds),
        };
        unit.Db.Add(attempt);
        rule.LastTriggeredAt = situation.Now;
        (rule.NoticedAt, rule.NoticedFor) = (null, null); // the one that was announced is this one
        purchases.RecordRecharge(unit, new RechargePurchase(
            attempt.Id, rule.TenantId, order.Amount, order.Bonus, (int)order.PriceCents, PackageCode: null,
            attempt.Card));
        return attempt;
    }

    // A sweep that comes to the same as the evaluation before counts up there instead of filling the table.
    private static async Task RememberAsync(
        UnitOfWork unit, Guid tenantId, RechargeSituation situation, RechargeDecision decision, Guid? attemptId,
        CancellationToken cancellationToken)
    {
        var last = situation.Trigger is not RechargeTrigger.Sweep || decision.Charges ? null
            : await unit.Db.Set<RechargeEvaluation>().Where(evaluation => evaluation.TenantId == tenantId)
                .OrderByDescending(evaluation => evaluation.Id).FirstOrDefaultAsync(cancellationToken);
        if (last is { Trigger: RechargeTrigger.Sweep } && last.Reason == decision.Reason && last.Until == decision.Until
            && last.LastAt <= situation.Now)
        {
            (last.LastAt, last.Times) = (situation.Now, last.Times + 1);
            return;
        }

        unit.Db.Add(RechargeEvaluation.Of(tenantId, situation, decision, attemptId));
    }

    // What people must hear of beside the evaluation itself.
    private async Task NoticeAsync(
        UnitOfWork unit, RechargeRule rule, RechargeSituation situation, RechargeDecision decision,
        CancellationToken cancellationToken)
    {
        if (decision.Reason is RechargeReason.SpikeBrake && rule.PausedReason is null)
        {
            (rule.PausedReason, rule.PausedAt) = (RechargePause.Spike, situation.Now);
            mails.Braked(unit, rule, situation.Pace!);
            events.Paused(unit, rule, attempt: null);
        }

        if (decision is { Reason: RechargeReason.SpendingLimit, LeftCents: { } left }
            && rule.MonthlyLimitCents is { } limit
            && left < options.ChargeMaxCents)
        {
            var history = await situations.HistoryAsync(unit, rule.TenantId, situation.Now, cancellationToken);
            mails.LimitReached(unit, rule, SpendingMonth.Of(situation.Now).SpentCents(history), 100, situation.Now);
        }
    }

    [LoggerMessage(
        LogLevel.Information, "Auto-recharge of tenant {TenantId} by {Trigger}: {Reason}, attempt {AttemptId}")]
    private static partial void LogDecided(
        ILogger logger, Guid tenantId, RechargeTrigger trigger, RechargeReason reason, Guid? attemptId);

    [LoggerMessage(LogLevel.Error, "Auto-recharge of tenant {TenantId} failed; the next sweep tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid tenantId);
}
