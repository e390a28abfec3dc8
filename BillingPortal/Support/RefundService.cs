using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>
/// Refunds that staff asks for: says in figures what one would do, records it, and hands it to <see cref="RefundRunner"/>
/// or to a second person. Moves no credits: <see cref="ReversalService"/> does the books.
/// </summary>
public sealed class RefundService(
    Database database, RefundRunner runner, BalanceReader balances, GrantBooks grants, AuditLog audit, SupportOptions options,
    TimeProvider clock)
{
    /// <summary>What a refund of so many cents would do now; null when the tenant has no such settled payment.</summary>
    public async Task<RefundPlan?> PlanAsync(
        Guid tenantId, Guid purchaseId, int cents, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var purchase = await unit.Db.Set<Purchase>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.Id == purchaseId, cancellationToken);
        return purchase is { State: PurchaseState.Settled }
            ? await PlanAsync(unit, purchase, cents, cancellationToken)
            : null;
    }

    /// <summary>
    /// Records the refund and makes it, unless a second person has to decide first. Commits before Stripe is asked; the
    /// same key again answers with the first.
    /// </summary>
    public async Task<RequestResult> RequestAsync(
        Guid staffId, RefundRequest request, CancellationToken cancellationToken = default)
    {
        var result = await RecordAsync(staffId, request, cancellationToken);
        return result is { Outcome: RequestOutcome.Started, Action: { } started }
            ? result with { Action = await runner.RunAsync(started.Id, isResumed: false, cancellationToken) }
            : result;
    }

    internal async Task<RefundPlan> PlanAsync(
        UnitOfWork unit, Purchase purchase, int cents, CancellationToken cancellationToken)
    {
        var balance = await balances.ReadAsync(unit, purchase.TenantId, purchase.Unit, cancellationToken);
        var expired = await grants.ExpiredOfAsync(
            unit, purchase.TenantId, purchase.Unit, purchase.Id.ToString(), cancellationToken);
        return RefundPlan.Of(purchase, cents, balance.Available, expired.E4);
    }

    /// <summary>Locked until the commit: no refund of it is noted meanwhile.</summary>
    internal static Task<Purchase?> LockPurchaseAsync(
        UnitOfWork unit, Guid tenantId, Guid purchaseId, CancellationToken cancellationToken) =>
        unit.Db.Set<Purchase>().FromSql(
            $"SELECT * FROM purchases WHERE tenant_id = {tenantId} AND id = {purchaseId} FOR UPDATE")
            .AsNoTracking().SingleOrDefaultAsync(cancellationToken);

    private async Task<RequestResult> RecordAsync(
        Guid staffId, RefundRequest request, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await StaffRequests.EnterAsync(unit, staffId, cancellationToken) is not { } person)
        {
            return RequestResult.Refused("Only the platform's staff makes refunds.");
        }

        var known = await StaffRequests.KnownAsync(
            unit, staffId, request.AttemptKey,
            action => action.PurchaseId == request.PurchaseId && action.RefundCents == request.Cents
                && action.TenantId == request.TenantId && action.Reason == request.Reason,
            cancellationToken);
        if (known is not null)
        {
            return known;
        }

        var purchase = await LockPurchaseAsync(unit, request.TenantId, request.PurchaseId, cancellationToken);
        if (Problem(request, purchase) is { } problem)
        {
            return RequestResult.Refused(problem);
        }

        if (await OpenAsync(unit, request.PurchaseId, cancellationToken) is { } open)
        {
            return RequestResult.Refused(RefundTexts.IsOpen(open));
        }

        var plan = await PlanAsync(unit, purchase!, request.Cents, cancellationToken);
        if (request.Cents > plan.LeftCents)
        {
            return RequestResult.Refused(RefundTexts.TooMuch(plan));
        }

        var action = await AddAsync(unit, person, request, plan, cancellationToken);
        audit.Record(unit, RefundTexts.Audit(action, person.Actor, "requested", action.NeedsApproval
            ? "asked a second person for" : "makes"));
        await unit.CommitAsync(cancellationToken);
        return new RequestResult(
            action.NeedsApproval ? RequestOutcome.AwaitsApproval : RequestOutcome.Started, action);
    }

    private async Task<StaffAction> AddAsync(
        UnitOfWork unit, StaffPerson person, RefundRequest request, RefundPlan plan, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var used = await StaffRequests.UsedTodayAsync(unit, person.Id, now, cancellationToken);
        var verdict = StaffLimitPolicy.Judge(person.Role, request.Cents, used, plan.Debt.IsPositive, options);
        var action = new StaffAction
        {
            Id = Ids.New(),
            TenantId = request.TenantId,
            Kind = StaffActionKind.Refund,
            State = verdict.NeedsApproval ? StaffActionState.AwaitingApproval : StaffActionState.Executing,
            AttemptKey = request.AttemptKey,
            Unit = plan.Purchase.Unit,
            AmountE4 = -plan.TakenBack.E4,
            DebtE4 = plan.Debt.E4,
            ValueCents = request.Cents,
            PurchaseId = plan.Purchase.Id,
            PaymentIntentId = plan.Purchase.PaymentIntentId,
            RefundCents = request.Cents,
            Reason = request.Reason,
            TenantNote = StaffNotes.Line(request.TenantNote),
            InternalNote = string.IsNullOrWhiteSpace(request.InternalNote) ? null : request.InternalNote.Trim(),
            RequestedBy = person.Id,
            RequestedByName = person.Title,
            RequestedAt = now,
            IsAboveLimit = verdict.IsAboveLimit,
            IsAboveDay = verdict.IsAboveDay,
            LeavesDebt = verdict.LeavesDebt,
            StartedAt = verdict.NeedsApproval ? null : now,
            LeasedUntil = verdict.NeedsApproval
                ? null : await StaffRequests.LeaseAsync(unit, options.LeaseSeconds, cancellationToken),
        };
        unit.Db.Add(action);
        return action;
    }

    private static string? Problem(RefundRequest request, Purchase? purchase) => (request, purchase) switch
    {
        (_, { Kind: PurchaseKind.BankTransfer }) =>
            "This payment came by bank transfer. Send the money back by transfer, then take the credits back by an adjustment.",
        (_, not { State: PurchaseState.Settled, PaymentIntentId: not null }) =>
            "This payment has not been settled, so there is nothing to refund.",
        ({ Cents: <= 0 }, _) => "A refund is at least one cent.",
        _ when !StaffReasons.OfRefunds.Contains(request.Reason) => "Choose a reason from the list.",
        _ when string.IsNullOrWhiteSpace(request.AttemptKey) || request.AttemptKey.Length > 100 => "Open the form anew.",
        _ => StaffNotes.Problem(request.TenantNote, request.InternalNote),
    };

    private static Task<StaffAction?> OpenAsync(UnitOfWork unit, Guid purchaseId, CancellationToken cancellationToken) =>
        unit.Db.Set<StaffAction>().AsNoTracking().SingleOrDefaultAsync(
            row => row.PurchaseId == purchaseId && row.Kind == StaffActionKind.Refund
                && (row.State == StaffActionState.AwaitingApproval || row.State == StaffActionState.Executing),
            cancellationToken);
}
