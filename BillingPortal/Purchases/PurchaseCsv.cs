using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Purchases;

/// <summary>The payment history as a file: amounts of money in US dollars, credits in the unit bought.</summary>
internal static class PurchaseCsv
{
    public const string Path = "/api/payments.csv";

    private static readonly string[] Columns =
    [
        "id", "created_at", "settled_at", "state", "kind", "amount", "currency", "credits", "bonus", "unit", "package",
        "card_brand", "card_last4", "refunded", "disputed", "trouble", "payment_intent_id", "invoice_id",
    ];

    public static readonly string Example = string.Join(',', Columns) + "\n"
        + "01a1faeb-f0fb-74a0-9736-9a101e839f22,2026-11-20T21:45:29.000Z,2026-11-20T21:45:30.000Z,settled,on_session,"
        + "6.5,usd,250,0,credits,credits-250,visa,4242,0,0,,pi_4AFaS6A7gZ47vyor,\n";

    public static PushStreamHttpResult Of(HttpResponse response, IReadOnlyList<Purchase> purchases) =>
        CsvList.Of(response, "payments.csv", Columns, purchases, purchase =>
        [
            purchase.Id, purchase.CreatedAt, purchase.SettledAt, TextCodes.Of(purchase.State), TextCodes.Of(purchase.Kind),
            purchase.PriceCents / 100m, purchase.Currency, purchase.Credits.ToDecimal(), purchase.Bonus.ToDecimal(),
            purchase.Unit.ToCode(), purchase.PackageCode, purchase.CardBrand, purchase.CardLast4, purchase.RefundedCents / 100m,
            purchase.DisputedCents / 100m, TroubleOf(purchase), purchase.PaymentIntentId, purchase.InvoiceId,
        ]);

    // A payment that succeeded in the end has no trouble, whatever the first card said.
    private static string? TroubleOf(Purchase purchase) =>
        purchase is { SettledAt: null, DeclineCode: { } code } ? DeclineText.For(code).ToString() : null;
}
