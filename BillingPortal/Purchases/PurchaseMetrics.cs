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

    /// <param name="outcome">A word of a closed set.</param>
    public static void Came(Purchase purchase, string outcome) => Payments.Add(
        1, new KeyValuePair<string, object?>("kind", TextCodes.Of(purchase.Kind)), new("outcome", outcome));
}
