using System.Diagnostics;
using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>What is counted of payments, and what a trace says of them.</summary>
internal static class PurchaseMetrics
{
    private static readonly Counter<long> Payments = Telemetry.Meter.CreateCounter<long>(
        "billing.payments", "{payment}", "Payments by kind of purchase and what a reading of them newly came to");

    public static void Zero() => Payments.Zero("outcome", "settled", "declined", "under_review");

    /// <summary>Names the purchase on the present span, so that traces of one payment are found by its id.</summary>
    public static void Read(Purchase purchase) => Activity.Current?.SetTag("billing.purchase.id", purchase.Id.ToString())
        .SetTag("billing.tenant.id", purchase.TenantId.ToString());

    /// <summary>What a reading may change, before it does.</summary>
    public static (string? Decline, string? Review, string? Charge) StandingOf(Purchase purchase) =>
        (purchase.DeclineCode, purchase.ReviewReason, purchase.ChargeId);

    /// <summary>Counts what is new since then; a reading that says the same again is no event.</summary>
    public static void Came(Purchase purchase, (string? Decline, string? Review, string? Charge) before, bool isSettledNow)
    {
        var outcome = isSettledNow ? "settled"
            : purchase.ReviewReason is not null && purchase.ReviewReason != before.Review ? "under_review"
            : purchase.DeclineCode is not null && (purchase.DeclineCode, purchase.ChargeId) != (before.Decline, before.Charge) ? "declined"
            : null;
        if (outcome is not null)
        {
            Payments.Add(1, new KeyValuePair<string, object?>("kind", TextCodes.Of(purchase.Kind)), new("outcome", outcome));
        }
    }
}
