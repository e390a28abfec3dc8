using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Wallet;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>
/// Credits or funds that staff gives or takes. Posted in the transaction that records them, once per attempt key; what is
/// above the limits waits for a second person. No money moves, and a debit takes what is available and never more.
/// </summary>
public sealed class AdjustmentService(
    Database database, LedgerWriter ledger, TopUp topUp, GrantBooks grants, BalanceReader balances, PackageReader packages,
    AdjustmentMails mails, AuditLog audit, BalanceFeed feed, SupportOptions options, TimeProvider clock)
{
    private const string Cause = "staff_action";

    /// <summary>What the change would do now.</summary>
    public async Task<AdjustmentPlan> PlanAsync(
        Guid tenantId, Amount change, CancellationToken cancellationToken = default)
    {
        var value = await ValueAsync(change, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await PlanAsync(unit, tenantId, change, value, cancellationToken);
    }

    /// <summary>Posts it, or leaves it to a second person. The same key again answers with the first.</summary>
    public async Task<RequestResult> RequestAsync(
        Guid staffId, AdjustmentRequest request, CancellationToken cancellationToken = default)
    {
        var value = await ValueAsync(request.Change, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await StaffRequests.EnterAsync(unit, staffId, cancellationToken) is not { } person)
        {
            return RequestResult.Refused("Only the platform's staff adjusts balances.");
        }

        var known = await StaffRequests.KnownAsync(
            unit, staffId, request.AttemptKey,
            action => action.TenantId == request.TenantId && action.Amount == request.Change && action.Reason == request.Reason,
            cancellationToken);
        if (known is not null)
        {
            return known;
        }

        var plan = await PlanAsync(unit, request.TenantId, request.Change, value, cancellationToken);
        if (AdjustmentTexts.Problem(request, plan, clock.GetUtcNow()) is { } problem)
        {
            return RequestResult.Refused(problem);
        }

        var action = await AddAsync(unit, person, request, plan, cancellationToken);
        if (!action.NeedsApproval && !await PostAsync(unit, action, cancellationToken))
        {
            return RequestResult.Refused(AdjustmentTexts.NotCovered(plan));
        }

        audit.Record(unit, action.NeedsApproval
            ? AdjustmentTexts.Audit(action, person.Actor, "requested", "asked a second person for")
            : AdjustmentTexts.Audit(action, person.Actor, "done", "made"));
        await unit.CommitAsync(cancellationToken);
        return new RequestResult(action.NeedsApproval ? RequestOutcome.AwaitsApproval : RequestOutcome.Started, action);
    }

    /// <summary>In the caller's transaction, which commits, and as its one call of the ledger. False: it is not covered.</summary>
    internal async Task<bool> PostAsync(UnitOfWork unit, StaffAction action, CancellationToken cancellationToken)
    {
        var posting = Posting(action);
        var results = action.AmountE4 > 0
            ? await topUp.PostAsync(unit, [posting], cancellationToken)
            : await ledger.PostAsync(unit, [posting], cancellationToken);
        var posted = results[0];
        if (!posted.IsPosted)
        {
            return posted.Outcome is PostOutcome.Insufficient ? false
                : throw new InvalidOperationException($"Adjustment {action.Id} could not be posted: {posted.Outcome}.");
        }

        if (action is { CreditsExpireAt: { } end, AmountE4: > 0 })
        {
            await grants.AddAsync(
                unit, action.TenantId, posted, end, action.Reason.ToText(), action.Id.ToString(), cancellationToken);
        }

        (action.EntrySeq, action.State, action.EndedAt) = (posted.Seq, StaffActionState.Done, clock.GetUtcNow());
        mails.Enqueue(unit, action, results[^1]);
        feed.Ring(unit, action.TenantId);
        return true;
    }

    internal async Task<AdjustmentPlan> PlanAsync(
        UnitOfWork unit, Guid tenantId, Amount change, long? valueCents, CancellationToken cancellationToken)
    {
        var balance = await balances.ReadAsync(unit, tenantId, change.Unit, cancellationToken);
        var below = await unit.Db.Set<Account>().AsNoTracking()
            .Where(account => account.TenantId == tenantId && account.Unit == change.Unit)
            .Select(account => account.RechargeBelowE4).SingleOrDefaultAsync(cancellationToken);
        return new AdjustmentPlan(balance, change, valueCents, below is { } e4 ? new Amount(e4, change.Unit) : null);
    }

    // Dollars are worth themselves; credits what the packages ask for them; without packages nothing says, and a lead decides.
    private async Task<long?> ValueAsync(Amount change, CancellationToken cancellationToken)
    {
        var worth = change.Unit is Unit.Usd
            ? change.Abs()
            : MoneyValue.Of(change.Abs(), await packages.ListAsync(cancellationToken));
        return worth is { } usd ? (long)Math.Ceiling(usd.ToDecimal() * 100) : null;
    }

    private async Task<StaffAction> AddAsync(
        UnitOfWork unit, StaffPerson person, AdjustmentRequest request, AdjustmentPlan plan,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var used = await StaffRequests.UsedTodayAsync(unit, person.Id, now, cancellationToken);
        var verdict = StaffLimitPolicy.Judge(person.Role, plan.ValueCents, used, leavesDebt: false, options);
        var action = new StaffAction
        {
            Id = Ids.New(),
            TenantId = request.TenantId,
            Kind = StaffActionKind.Adjustment,
            State = StaffActionState.AwaitingApproval,
            AttemptKey = request.AttemptKey,
            Unit = request.Change.Unit,
            AmountE4 = request.Change.E4,
            DebtE4 = 0,
            ValueCents = plan.ValueCents ?? 0,
            CreditsExpireAt = request.CreditsExpireAt,
            Reason = request.Reason,
            TenantNote = StaffNotes.Line(request.TenantNote),
            InternalNote = string.IsNullOrWhiteSpace(request.InternalNote) ? null : request.InternalNote.Trim(),
            RequestedBy = person.Id,
            RequestedByName = person.Title,
            RequestedAt = now,
            IsAboveLimit = verdict.IsAboveLimit,
            IsAboveDay = verdict.IsAboveDay,
            LeavesDebt = verdict.LeavesDebt,
        };
        unit.Db.Add(action);
        return action;
    }

    private Posting Posting(StaffAction action) => new()
    {
        TenantId = action.TenantId,
        Operation = action.AmountE4 > 0 ? LedgerOperation.Credit : LedgerOperation.Debit,
        Amount = action.Amount.Abs(),
        Kind = EntryKind.Adjustment,
        Counter = CounterAccount.Adjustment,
        Key = Ids.FromName(Cause, action.Id.ToString()),
        CauseType = Cause,
        CauseId = action.Id.ToString(),
        OccurredAt = clock.GetUtcNow(),
        Note = action is { CreditsExpireAt: { } end, AmountE4: > 0 }
            ? $"{action.Said} (until {TimeFormat.Date(end, "UTC")})"
            : action.Said,
    };
}
