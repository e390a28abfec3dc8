using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>What became of a decision.</summary>
/// <param name="Why">Null when it was taken; else why not.</param>
public sealed record DecisionResult(StaffAction? Action, string? Why = null);

/// <summary>
/// The second person: approves or refuses what waits, never a request of their own. Figures are reckoned anew with the
/// approval; what nobody decides in time is refused by itself.
/// </summary>
public sealed class ApprovalService(
    Database database, RefundService refunds, RefundRunner runner, AdjustmentService adjustments, AuditLog audit,
    BalanceFeed feed, SupportOptions options, TimeProvider clock)
{
    private const string NobodyDecided = "Nobody decided in time.";

    public async Task<DecisionResult> ApproveAsync(
        Guid staffId, Guid actionId, string? note, CancellationToken cancellationToken = default)
    {
        var decision = await DecideAsync(staffId, actionId, note, ApproveAsync, cancellationToken);
        return decision.Action is { State: StaffActionState.Executing } started
            ? decision with { Action = await runner.RunAsync(started.Id, isResumed: false, cancellationToken) }
            : decision;
    }

    public Task<DecisionResult> RefuseAsync(
        Guid staffId, Guid actionId, string? note, CancellationToken cancellationToken = default) =>
        DecideAsync(staffId, actionId, note, RefuseAsync, cancellationToken);

    /// <summary>By the person who had asked for it.</summary>
    public async Task<DecisionResult> WithdrawAsync(
        Guid staffId, Guid actionId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var person = await StaffPerson.FindAsync(unit, staffId, cancellationToken);
        var action = await StaffRequests.LockAsync(unit, actionId, cancellationToken);
        if (person is null || action is not { State: StaffActionState.AwaitingApproval } || action.RequestedBy != staffId)
        {
            return new DecisionResult(action, "Only a request of your own that still waits can be withdrawn.");
        }

        (action.State, action.EndedAt) = (StaffActionState.Withdrawn, clock.GetUtcNow());
        audit.Record(unit, Audit(action, person.Actor, "withdrawn", "withdrew"));
        feed.Ring(unit, action.TenantId);
        await unit.CommitAsync(cancellationToken);
        return new DecisionResult(action);
    }

    /// <summary>Refuses what has waited for too long. Says how many.</summary>
    public async Task<int> ExpireAsync(int most, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var before = now.AddDays(-options.ApprovalDays);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var late = await unit.Db.Set<StaffAction>().FromSql(
            $"""
            SELECT * FROM staff_actions WHERE state = 'awaiting_approval' AND requested_at <= {before}
            ORDER BY requested_at LIMIT {most} FOR UPDATE SKIP LOCKED
            """).ToListAsync(cancellationToken);
        foreach (var action in late)
        {
            (action.State, action.EndedAt, action.DecisionNote) = (StaffActionState.Refused, now, NobodyDecided);
            audit.Record(unit, Audit(action, Actor.System("Approvals"), "refused", "refused, as nobody had decided,"));
            feed.Ring(unit, action.TenantId);
        }

        await unit.CommitAsync(cancellationToken);
        return late.Count;
    }

    private async Task<DecisionResult> DecideAsync(
        Guid staffId, Guid actionId, string? note,
        Func<UnitOfWork, StaffAction, StaffPerson, CancellationToken, Task<string?>> decide,
        CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var person = await StaffPerson.FindAsync(unit, staffId, cancellationToken);
        var action = await StaffRequests.LockAsync(unit, actionId, cancellationToken);
        if (person is null || action is null)
        {
            return new DecisionResult(action, "There is no such request.");
        }

        if ((StaffLimitPolicy.WhyNotDecide(action, person) ?? NoteProblem(note)) is { } why)
        {
            return new DecisionResult(action, why);
        }

        (action.DecidedBy, action.DecidedByName, action.DecidedAt) = (person.Id, person.Title, clock.GetUtcNow());
        action.DecisionNote = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        if (await decide(unit, action, person, cancellationToken) is { } obstacle)
        {
            return new DecisionResult(action, obstacle); // rolled back: it waits on
        }

        feed.Ring(unit, action.TenantId);
        await unit.CommitAsync(cancellationToken);
        return new DecisionResult(action);
    }

    private async Task<string?> ApproveAsync(
        UnitOfWork unit, StaffAction action, StaffPerson person, CancellationToken cancellationToken)
    {
        var obstacle = action.Kind switch
        {
            StaffActionKind.Refund => await StartRefundAsync(unit, action, cancellationToken),
            StaffActionKind.Adjustment => await PostAsync(unit, action, cancellationToken),
        };
        audit.Record(unit, Audit(action, person.Actor, "approved", "approved"));
        return obstacle;
    }

    private Task<string?> RefuseAsync(
        UnitOfWork unit, StaffAction action, StaffPerson person, CancellationToken cancellationToken)
    {
        (action.State, action.EndedAt) = (StaffActionState.Refused, clock.GetUtcNow());
        audit.Record(unit, Audit(action, person.Actor, "refused", "refused"));
        return Task.FromResult<string?>(null);
    }

    private async Task<string?> StartRefundAsync(
        UnitOfWork unit, StaffAction action, CancellationToken cancellationToken)
    {
        var purchase = await RefundService.LockPurchaseAsync(
            unit, action.TenantId, action.PurchaseId!.Value, cancellationToken);
        var plan = await refunds.PlanAsync(unit, purchase!, action.RefundCents!.Value, cancellationToken);
        if (action.RefundCents > plan.LeftCents)
        {
            return $"{RefundTexts.TooMuch(plan)} Refuse the request.";
        }

        (action.AmountE4, action.DebtE4) = (-plan.TakenBack.E4, plan.Debt.E4);
        (action.State, action.StartedAt) = (StaffActionState.Executing, clock.GetUtcNow());
        action.LeasedUntil = await StaffRequests.LeaseAsync(unit, options.LeaseSeconds, cancellationToken);
        return null;
    }

    private async Task<string?> PostAsync(UnitOfWork unit, StaffAction action, CancellationToken cancellationToken)
    {
        if (action.CreditsExpireAt <= clock.GetUtcNow())
        {
            return "The day on which these credits were to end has come. Refuse the request.";
        }

        var plan = await adjustments.PlanAsync(unit, action.TenantId, action.Amount, valueCents: null, cancellationToken);
        return plan.IsCovered && await adjustments.PostAsync(unit, action, cancellationToken)
            ? null
            : AdjustmentTexts.NotCovered(plan);
    }

    private static AuditRecord Audit(StaffAction action, Actor actor, string step, string verb) => action.Kind switch
    {
        StaffActionKind.Refund => RefundTexts.Audit(action, actor, step, verb),
        StaffActionKind.Adjustment => AdjustmentTexts.Audit(action, actor, step, verb),
    };

    private static string? NoteProblem(string? note) => note?.Length > StaffNotes.InternalMax
        ? $"The note is too long: {StaffNotes.InternalMax} characters at most."
        : null;
}
