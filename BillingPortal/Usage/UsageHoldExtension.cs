using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;

namespace BillingPortal.Usage;

/// <summary>
/// Reserves more for a call that is under way, at the price of the moment its hold was made. The connection is reserved
/// once, with the hold. Never ends a hold and never makes one end sooner.
/// </summary>
public sealed class UsageHoldExtension(
    UsageHoldService holds, PriceBook priceBook, LedgerWriter ledger, UsageOptions options, TimeProvider clock)
{
    /// <param name="key">The caller's own: under the same key a hold is extended once.</param>
    public async Task<HoldResult> ExtendAsync(
        Guid tenantId, Guid holdId, HoldExtensionRequest request, string key, CancellationToken cancellationToken = default)
    {
        if (await holds.FindAsync(tenantId, holdId, cancellationToken) is not { Service: { } service } hold)
        {
            return Refuse(HoldOutcome.UnknownHold, Unit.Credits);
        }

        var now = clock.GetUtcNow();
        if ((UsageEventParser.CheckWhole(service, request.Quantity) ?? CheckEnd(hold, request, now)) is { } fault)
        {
            return Refuse(HoldOutcome.Invalid, hold.Unit, fault);
        }

        var prices = await priceBook.SnapshotAsync(cancellationToken);
        var price = prices.Find(tenantId, hold.Unit, service, hold.OccurredAt)
            ?? throw new InvalidOperationException($"Hold {holdId} has a service without a price.");
        var amount = AddedBy(price, new Amount(hold.AmountE4, hold.Unit), request.Quantity);
        if (!amount.IsPositive)
        {
            return Refuse(HoldOutcome.Invalid, hold.Unit, UsageFault.Quantity(
                $"{request.Quantity} more of {service} cost nothing: there is nothing to reserve."));
        }

        var posted = await ledger.PostAsync(PostingOf(hold, request, amount, key, now), cancellationToken);
        return await AnswerAsync(hold, price, amount, posted, cancellationToken);
    }

    // By how much the price grows, so that neither a connection nor a minute that was begun is reserved twice.
    private Amount AddedBy(PriceRow price, Amount held, decimal quantity)
    {
        var before = price.QuantityFor(held, options.QuantityMax);
        return price.Rate(before + quantity) - price.Rate(before);
    }

    private UsageFault? CheckEnd(Hold hold, HoldExtensionRequest request, DateTimeOffset now)
    {
        var left = hold.OccurredAt + TimeSpan.FromSeconds(options.HoldSecondsMax) - now;
        return request.ExpiresIn is { } wanted && wanted > left
            ? new UsageFault("invalid_expires_in_seconds", string.Create(
                CultureInfo.InvariantCulture,
                $"This hold can last {Math.Max(0, Math.Floor(left.TotalSeconds))} more seconds: at most {options.HoldSecondsMax} in all."))
            : null;
    }

    private static Posting PostingOf(
        Hold hold, HoldExtensionRequest request, Amount amount, string key, DateTimeOffset now) => new()
        {
            TenantId = hold.TenantId,
            Operation = LedgerOperation.Extend,
            Amount = amount,
            Kind = EntryKind.HoldCapture,
            Counter = RatedUsage.CounterOf(hold.Service!),
            Key = Ids.FromName("extend", hold.Id.ToString(), key),
            CauseType = UsageHoldService.Cause,
            CauseId = hold.Id.ToString(),
            OccurredAt = now,
            Reference = hold.Reference,
            Service = hold.Service,
            Note = UsageTexts.Describe(hold.Service!, request.Quantity) + " more",
            HoldId = hold.Id,
            ExpiresAt = now + request.ExpiresIn,
        };

    private async Task<HoldResult> AnswerAsync(
        Hold before, PriceRow price, Amount amount, PostResult posted, CancellationToken cancellationToken)
    {
        var outcome = posted.Outcome switch
        {
            PostOutcome.Posted => HoldOutcome.Done,
            PostOutcome.Duplicate => posted.Differs ? HoldOutcome.ReferenceUsed : HoldOutcome.Duplicate,
            PostOutcome.Insufficient => HoldOutcome.Insufficient,
            PostOutcome.HoldEnded => HoldOutcome.Ended,
            PostOutcome.UnknownHold or PostOutcome.UnknownAccount =>
                throw new InvalidOperationException($"The ledger answered {posted.Outcome} to an extension of hold {before.Id}."),
        };
        var hold = await holds.FindAsync(before.TenantId, before.Id, cancellationToken) ?? before;
        var reserved = new Amount(hold.AmountE4, hold.Unit);
        return new HoldResult(
            outcome, hold.Id, outcome is HoldOutcome.Insufficient ? amount : reserved, posted.Balance, posted.Available,
            price.QuantityFor(posted.Available + reserved, options.QuantityMax),
            MaxSeconds: price.SecondsFor(posted.Available + reserved, options.QuantityMax));
    }

    private static HoldResult Refuse(HoldOutcome outcome, Unit unit, UsageFault? fault = null)
    {
        var none = Amount.Zero(unit);
        return new HoldResult(outcome, null, none, none, none, 0, fault);
    }
}
