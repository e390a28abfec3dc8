using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Usage;

/// <summary>What the books have of one reference.</summary>
/// <param name="IsOffered">False: the tenant's plan had no price for it, and nothing was taken.</param>
/// <param name="Amount">What it cost in all, debt included, whoever reported it first.</param>
/// <param name="BilledQuantity">What was counted at that price: started units as whole ones.</param>
/// <param name="Seq">Number of the entry; null where nothing came from the balance, or it is part of a reservation.</param>
/// <param name="ReservationId">The month's reservation that it became part of.</param>
public sealed record SettledUsage(
    bool IsOffered, Amount Amount, decimal BilledQuantity, Guid? HoldId, long? Seq, Guid? ReservationId = null);

/// <summary>
/// Settles what has certainly been used, as a provider reports it: by the hold of its reference if there is one, else
/// by itself. What is not covered becomes debt, as with a call that outran its hold. Safe to repeat, and beside a
/// capture or event of the same reference through the API: the reference is paid once.
/// </summary>
public sealed class UsageSettlement(
    Database database, PriceBook priceBook, MonthlyReservations reservations, UsageHoldService holds, UsageDetails details)
{
    private const int RoundsMax = 5;

    /// <param name="used">With its time; the quantity is greater than zero.</param>
    public async Task<SettledUsage> SettleAsync(
        Guid tenantId, Unit plan, UsageEvent used, CancellationToken cancellationToken = default)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            // A hold that comes or ends in between makes the ledger refuse; then this is looked at anew.
            var hold = await holds.FindByReferenceAsync(tenantId, used.Service, used.ReferenceId, cancellationToken);
            if (hold is { State: HoldState.Open or HoldState.Expired or HoldState.Captured })
            {
                var end = await holds.CaptureAsync(tenantId, hold.Id, used, cancellationToken);
                if (end.Outcome is HoldOutcome.Done or HoldOutcome.Duplicate)
                {
                    return await ReadAsync(tenantId, used, hold, hold.Unit, CaptureKey(hold), cancellationToken);
                }
            }
            else if (await TakeAsync(tenantId, plan, used, hold, cancellationToken) is { } settled)
            {
                return settled;
            }
        }

        throw new InvalidOperationException($"The hold of {used.Service} {used.ReferenceId} does not come to rest.");
    }

    /// <summary>Sets free what was reserved for something that did not take place. True when there was a hold.</summary>
    public async Task<bool> ReleaseAsync(
        Guid tenantId, string service, string reference, CancellationToken cancellationToken = default) =>
        await holds.FindByReferenceAsync(tenantId, service, reference, cancellationToken) is { State: HoldState.Open } hold
        && (await holds.ReleaseAsync(tenantId, hold.Id, cancellationToken)).Outcome
            is HoldOutcome.Done or HoldOutcome.Duplicate;

    private static Guid CaptureKey(Hold hold) => UsageHoldService.CaptureKeyOf(hold.Id);

    // Null: there is a hold after all.
    private async Task<SettledUsage?> TakeAsync(
        Guid tenantId, Unit plan, UsageEvent used, Hold? released, CancellationToken cancellationToken)
    {
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        if (RatedUsage.From(new TenantUsage(tenantId, plan, used), prices, used.OccurredAt!.Value) is not { } rated)
        {
            return new SettledUsage(IsOffered: false, Amount.Zero(plan), 0, released?.Id, null);
        }

        // A hold that was given back has used up the reference's own key; it was not paid with it.
        rated = released is null
            ? rated
            : rated with { Key = Ids.FromName("used-after-release", released.Id.ToString()) };
        if (!rated.Amount.IsZero)
        {
            var posted = await PostAsync(rated.ToPosting(), cancellationToken);
            if (posted.Outcome is PostOutcome.Insufficient)
            {
                posted = await PostAsync(
                    rated.ToPosting() with { Operation = LedgerOperation.ClawBack }, cancellationToken);
            }

            if (!posted.IsPosted)
            {
                throw new InvalidOperationException($"The ledger answered {posted.Outcome} to {used.Service} {used.ReferenceId}.");
            }

            if (posted.Outcome is PostOutcome.Duplicate && released is null
                && await holds.FindByReferenceAsync(tenantId, used.Service, used.ReferenceId, cancellationToken) is not null)
            {
                return null;
            }
        }

        await details.RecordAsync([rated], CancellationToken.None); // the books have it, even if the caller has gone away
        return await ReadAsync(tenantId, used, released, plan, rated.Key, cancellationToken);
    }

    private async Task<PostResult> PostAsync(Posting use, CancellationToken cancellationToken) =>
        (await reservations.PostAsync([use], cancellationToken))[0];

    // What stands in the books, because somebody else may have been first with other content.
    private async Task<SettledUsage> ReadAsync(
        Guid tenantId, UsageEvent used, Hold? hold, Unit plan, Guid key, CancellationToken cancellationToken)
    {
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var detail = await unit.Db.Set<UsageDetail>().AsNoTracking().SingleOrDefaultAsync(
            row => row.IdempotencyKey == key && row.TenantId == tenantId, cancellationToken);
        var entry = await unit.Db.Set<Entry>().AsNoTracking().SingleOrDefaultAsync(
            row => row.IdempotencyKey == key && row.TenantId == tenantId, cancellationToken);
        var debt = await unit.Db.Set<DebtEntry>().AsNoTracking().SingleOrDefaultAsync(
            row => row.IdempotencyKey == key && row.TenantId == tenantId, cancellationToken);
        // Reserved with its month: the entry follows with the settlement.
        var reserved = await unit.Db.Set<HoldExtension>().AsNoTracking().SingleOrDefaultAsync(
            row => row.IdempotencyKey == key && row.TenantId == tenantId, cancellationToken);
        var quantity = detail?.Quantity ?? used.Quantity;
        var at = hold?.State is HoldState.Released ? used.OccurredAt!.Value : hold?.OccurredAt ?? used.OccurredAt!.Value;
        var perStarted = prices.Find(tenantId, plan, used.Service, at)?.PerStarted ?? false;
        return new SettledUsage(
            IsOffered: true, new Amount((debt?.AmountE4 ?? 0) - (entry?.AmountE4 ?? 0) + (reserved?.AmountE4 ?? 0), plan),
            perStarted ? decimal.Ceiling(quantity) : quantity, hold?.Id, entry?.Seq, reserved?.HoldId);
    }
}
