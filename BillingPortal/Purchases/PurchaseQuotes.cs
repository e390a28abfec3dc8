using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// What a request would buy and cost, bonus included, by the packages on sale now. Records and charges nothing.
/// </summary>
public sealed class PurchaseQuotes(
    PackageReader packages, TenantReader tenants, Database database, IOptions<PricingOptions> pricing,
    IOptions<PurchasesOptions> options, IRechargeSwitch recharge)
{
    public async Task<Quote> QuoteAsync(
        Guid tenantId, StartPurchase request, CancellationToken cancellationToken = default)
    {
        object?[] named = [request.PackageId, request.CustomAmount, request.CustomCredits];
        if (named.Count(value => value is not null) != 1)
        {
            return Invalid("Give exactly one of packageId, customAmount and customCredits.");
        }

        if (request.Unit is Unit.Usd && request.CustomAmount is null)
        {
            return Invalid("Wallet funds are bought by customAmount, in US dollars.");
        }

        var plan = (await tenants.FindAsync(tenantId, cancellationToken))?.Plan ?? Unit.Credits;
        if (request.EnableAutoRecharge && request.Unit != plan)
        {
            return Invalid(
                $"Auto-recharge tops up your plan's account, {plan.ToCode()}. Buy {plan.ToCode()}, or leave it off.");
        }

        var quote = await PriceAsync(request, cancellationToken);
        return quote.Offer is null
            ? quote
            : quote with
            {
                Offer = quote.Offer with
                {
                    Bonus = await BonusAsync(
                tenantId, request, cancellationToken)
                }
            };
    }

    /// <summary>
    /// True until a purchase of this tenant was settled with the bonus for switching auto-recharge on.
    /// </summary>
    internal static async Task<bool> IsBonusUnusedAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        !await unit.Db.Set<Purchase>().AnyAsync(
            purchase => purchase.TenantId == tenantId && purchase.BonusE4 > 0 && purchase.InvoiceId == null
                && purchase.Kind != PurchaseKind.AutoRecharge
                && purchase.State == PurchaseState.Settled,
            cancellationToken);

    private async Task<Quote> PriceAsync(StartPurchase request, CancellationToken cancellationToken)
    {
        var onSale = await packages.ListAsync(cancellationToken);
        if (request.PackageId is { } id)
        {
            var package = await packages.FindAsync(id, cancellationToken);
            return package is null
                ? new Quote(QuoteOutcome.UnknownPackage, Detail: $"There is no package {id} on sale.")
                : Offered(request, Amount.Credits(package.Credits), package.PriceCents, package.Code);
        }

        if (request.Unit is Unit.Usd)
        {
            var amount = request.CustomAmount!.Value;
            return amount * 100 != decimal.Truncate(amount * 100) || !IsWithinBounds(amount)
                ? Invalid(Bounds("customAmount"))
                : Offered(request, Amount.Usd(amount), (int)(amount * 100), packageCode: null);
        }

        // Asking for what a package holds is asking for that package: never dearer, and the history names it.
        if (request.CustomCredits is { } credits && onSale.FirstOrDefault(one => one.Credits == credits) is { } exact)
        {
            return Offered(request, Amount.Credits(exact.Credits), exact.PriceCents, exact.Code);
        }

        var custom = request.CustomCredits is { } wanted
            ? PackageMatcher.ForCredits(onSale, wanted)
            : IsWithinBounds(request.CustomAmount!.Value) ? PackageMatcher.ForAmount(onSale, request.CustomAmount.Value)
                : null;
        return custom is null || !pricing.Value.AllowsCustom(custom.PriceCents)
            ? Invalid(Bounds(request.CustomCredits is null ? "customAmount" : "The price of customCredits"))
            : Offered(request, Amount.Credits(custom.Credits), custom.PriceCents, packageCode: null);
    }

    private async Task<Amount> BonusAsync(Guid tenantId, StartPurchase request, CancellationToken cancellationToken)
    {
        if (!request.EnableAutoRecharge || request.Unit is Unit.Usd
            || await recharge.IsOnAsync(tenantId, cancellationToken))
        {
            return Amount.Zero(request.Unit);
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return Amount.Credits(
            await IsBonusUnusedAsync(unit, tenantId, cancellationToken) ? options.Value.SwitchOnBonusCredits : 0);
    }

    // A new card must be saved for auto-recharge to have one.
    private static Quote Offered(StartPurchase request, Amount credits, int priceCents, string? packageCode) =>
        new(QuoteOutcome.Offered, new Offer(
            credits, Amount.Zero(credits.Unit), priceCents, packageCode,
            request.PaymentMethodId is null
                && (request.SavePaymentMethod || request.EnableAutoRecharge), request.EnableAutoRecharge));

    private bool IsWithinBounds(decimal usd) =>
        usd * 100 >= pricing.Value.CustomMinCents && usd * 100 <= pricing.Value.CustomMaxCents;

    private string Bounds(string what)
    {
        var (least, most) = (pricing.Value.CustomMinCents, pricing.Value.CustomMaxCents);
        return $"{what} must be from {Dollars(least)} to {Dollars(most)}, in whole cents.";
    }

    private static string Dollars(int cents) => PurchaseTexts.Text(Amount.UsdCents(cents));

    private static Quote Invalid(string detail) => new(QuoteOutcome.Invalid, Detail: detail);
}
