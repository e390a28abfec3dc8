using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// What the buyer has chosen on the page so far. Kept in the browser's tab with the attempt key, so that a reload loses
/// nothing.
/// </summary>
public sealed class PurchaseForm
{
    public Unit Unit { get; set; } = Unit.Credits;

    /// <summary>Null for a custom amount.</summary>
    public string? PackageCode { get; set; }

    /// <summary>A fixed amount of wallet funds, in US dollars; null for a custom one.</summary>
    public int? FixedUsd { get; set; }

    /// <summary>As typed, in US dollars.</summary>
    public string CustomText { get; set; } = "";

    /// <summary>Stripe's id of a saved card; null for a new card.</summary>
    public string? PaymentMethodId { get; set; }

    public bool SaveCard { get; set; } = true;

    public bool EnableAutoRecharge { get; set; }

    /// <summary>Chosen in Stripe's form: a bank account pays once and is never saved.</summary>
    public bool IsFromBank { get; set; }

    /// <summary>Paid later, on invoice, by tenants that were approved for it.</summary>
    public bool ByInvoice { get; set; }

    /// <summary>What the button says: what pressing it does, in figures.</summary>
    public string PayText(Offer offer, string tenant) => ByInvoice
        ? $"Order for {AmountFormat.Cents(offer.PriceCents)} on invoice"
        : $"Pay {AmountFormat.Cents(offer.PriceCents)} for {tenant}";

    public bool SavesCard => !IsFromBank && (SaveCard || EnableAutoRecharge);

    public bool IsCustom => PackageCode is null && FixedUsd is null;

    /// <summary>Null while nothing is typed, or what is typed is not an amount.</summary>
    public StartPurchase? ToRequest()
    {
        decimal? amount = FixedUsd is { } fixedUsd ? fixedUsd : PackageCode is null ? Typed() : null;
        return PackageCode is null && amount is null ? null : new StartPurchase
        {
            Unit = Unit,
            PackageId = PackageCode,
            CustomAmount = amount,
            PaymentMethodId = PaymentMethodId,
            SavePaymentMethod = SavesCard,
            EnableAutoRecharge = EnableAutoRecharge,
        };
    }

    private decimal? Typed() => decimal.TryParse(
        CustomText.Trim().TrimStart(
            '$'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.GetCultureInfo("en-US"),
        out var amount) ? amount : null;
}

/// <summary>
/// The page's memory in the browser tab: the attempt key, made before the first click counts, and what it is for.
/// </summary>
public sealed record PurchaseAttempt(string Key, PurchaseForm Form);
