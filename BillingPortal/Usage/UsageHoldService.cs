using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Usage;

/// <summary>
/// Reserves the price of a call before it begins and settles what was used. One reference of a service is paid once, by event or by hold.
/// A call that outruns its hold takes from available, and only the rest becomes debt. On the wallet plan in monthly mode what
/// was used becomes part of the month's reservation in the same moment.
/// </summary>
public sealed class UsageHoldService(
    Database database, PriceBook priceBook, LedgerWriter ledger, MonthlyReservations reservations, UsageDetails details,
    UsageOptions options, TimeProvider clock)
{
    public const string Cause = "usage_hold";

    public async Task<HoldResult> HoldAsync(
        Guid tenantId, Unit plan, HoldRequest request, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        var zero = Amount.Zero(plan);
        if (prices.Find(tenantId, plan, request.Service, now) is not { } price)
        {
            return new(HoldOutcome.Invalid, null, zero, zero, zero, 0, UsageFault.NotOffered(request.Service, plan.ToCode()));
        }

        var amount = price.Rate(request.Quantity);
        if (amount.IsZero)
        {
            var free = UsageFault.Quantity($"{request.Quantity} of {request.Service} cost nothing: there is nothing to reserve.");
            return new(HoldOutcome.Invalid, null, zero, zero, zero, 0, free);
        }

        var posted = await ledger.PostAsync(HoldOf(tenantId, request, amount, now), cancellationToken);
        var reserved = posted.IsPosted ? posted.Posted : Amount.Zero(plan);
        return new HoldResult(
            posted.Outcome switch
            {
                PostOutcome.Posted => HoldOutcome.Done,
                PostOutcome.Duplicate => posted.Differs ? HoldOutcome.ReferenceUsed : HoldOutcome.Duplicate,
                PostOutcome.Insufficient => HoldOutcome.Insufficient,
                PostOutcome.UnknownAccount or PostOutcome.UnknownHold or PostOutcome.HoldEnded =>
                    throw new InvalidOperationException($"The ledger answered {posted.Outcome} to a hold of tenant {tenantId}."),
            },
            posted.HoldId, amount, posted.Balance, posted.Available,
            price.QuantityFor(posted.Available + reserved, options.QuantityMax),
            MaxSeconds: price.SecondsFor(posted.Available + reserved, options.QuantityMax));
    }

    /// <summary>Settles what was used, at the price of the moment the hold was made. A quantity of zero releases it.</summary>
    public Task<HoldEnd> CaptureAsync(
        Guid tenantId, Guid holdId, decimal quantity, CancellationToken cancellationToken = default) =>
        CaptureAsync(
            tenantId, holdId, hold => new UsageEvent(
                hold.Service!, quantity, hold.Reference ?? holdId.ToString(), clock.GetUtcNow(), null),
            cancellationToken);

    /// <summary>The same with what the source says of it.</summary>
    internal Task<HoldEnd> CaptureAsync(
        Guid tenantId, Guid holdId, UsageEvent used, CancellationToken cancellationToken) =>
        CaptureAsync(tenantId, holdId, _ => used, cancellationToken);

    /// <summary>The one key under which a hold is captured, whoever does it.</summary>
    internal static Guid CaptureKeyOf(Guid holdId) => Ids.FromName("capture", holdId.ToString());

    /// <summary>Usage's own hold for this, whatever became of it.</summary>
    internal async Task<Hold?> FindByReferenceAsync(
        Guid tenantId, string service, string reference, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Hold>().AsNoTracking().SingleOrDefaultAsync(
            hold => hold.TenantId == tenantId && hold.Service == service && hold.Reference == reference
                && hold.CauseType == Cause,
            cancellationToken);
    }

    private async Task<HoldEnd> CaptureAsync(
        Guid tenantId, Guid holdId, Func<Hold, UsageEvent> use, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenantId, holdId, cancellationToken) is not { Service: { } service } hold)
        {
            return Unknown;
        }

        var used = use(hold);
        if (UsageEventParser.CheckWhole(service, used.Quantity) is { } fault)
        {
            return Unknown with { Outcome = HoldOutcome.Invalid, Fault = fault };
        }

        var now = clock.GetUtcNow();
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        var price = prices.Find(tenantId, hold.Unit, service, hold.OccurredAt)
            ?? throw new InvalidOperationException($"Hold {holdId} has a service without a price.");
        var rated = new RatedUsage(
            tenantId, CaptureKeyOf(holdId), used, used.OccurredAt ?? now, price.Rate(used.Quantity),
            price.Count(used.Quantity), price.ToText());
        if (used.Quantity == 0 || rated.Amount.IsZero)
        {
            return await ReleaseAsync(tenantId, holdId, cancellationToken);
        }

        var posted = (await reservations.PostAsync([CaptureOf(rated, holdId)], cancellationToken))[0];
        if (posted.IsPosted)
        {
            await details.RecordAsync([rated], CancellationToken.None); // the books have it, even if the caller has gone away
        }

        return EndOf(posted);
    }

    /// <summary>Gives the whole reservation back.</summary>
    public async Task<HoldEnd> ReleaseAsync(Guid tenantId, Guid holdId, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(tenantId, holdId, cancellationToken) is not { Service: { } service } hold)
        {
            return Unknown;
        }

        var now = clock.GetUtcNow();
        return EndOf(await ledger.PostAsync(
            new Posting
            {
                TenantId = tenantId,
                Operation = LedgerOperation.Release,
                Amount = new Amount(hold.AmountE4, hold.Unit),
                Kind = EntryKind.HoldCapture,
                Counter = RatedUsage.CounterOf(service),
                Key = Ids.FromName("release", holdId.ToString()),
                CauseType = Cause,
                OccurredAt = now,
                HoldId = holdId,
            },
            cancellationToken));
    }

    private static HoldEnd Unknown
    {
        get
        {
            var none = Amount.Zero(Unit.Credits);
            return new HoldEnd(HoldOutcome.UnknownHold, none, none, none, none);
        }
    }

    // Row-level security: another tenant's hold is as unknown as one that never was. Only usage's own holds end here.
    internal async Task<Hold?> FindAsync(Guid tenantId, Guid holdId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Hold>().AsNoTracking()
            .SingleOrDefaultAsync(hold => hold.Id == holdId && hold.CauseType == Cause, cancellationToken);
    }

    private Posting HoldOf(Guid tenantId, HoldRequest request, Amount amount, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Operation = LedgerOperation.Hold,
        Amount = amount,
        Kind = EntryKind.HoldCapture,
        Counter = RatedUsage.CounterOf(request.Service),
        Key = RatedUsage.KeyOf(tenantId, request.Service, request.ReferenceId),
        CauseType = Cause,
        OccurredAt = now,
        Reference = request.ReferenceId,
        Service = request.Service,
        Note = UsageTexts.Describe(request.Service, request.Quantity),
        ExpiresAt = now + (request.ExpiresIn ?? TimeSpan.FromSeconds(options.HoldSeconds)),
    };

    private static Posting CaptureOf(RatedUsage rated, Guid holdId) => rated.ToPosting() with
    {
        Operation = LedgerOperation.Capture,
        Kind = EntryKind.HoldCapture,
        CauseType = Cause,
        CauseId = holdId.ToString(),
        HoldId = holdId,
    };

    private static HoldEnd EndOf(PostResult posted) => new(
        posted.Outcome switch
        {
            PostOutcome.Posted => HoldOutcome.Done,
            PostOutcome.Duplicate => HoldOutcome.Duplicate,
            PostOutcome.UnknownHold => HoldOutcome.UnknownHold,
            PostOutcome.HoldEnded => HoldOutcome.Ended,
            PostOutcome.Insufficient or PostOutcome.UnknownAccount =>
                throw new InvalidOperationException($"The ledger answered {posted.Outcome} to the end of a hold."),
        },
        posted.Posted.Abs(), posted.Balance, posted.Available, posted.Debt, posted.EntryId, posted.Differs);
}
