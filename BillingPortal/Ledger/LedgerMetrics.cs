using System.Diagnostics.Metrics;

namespace BillingPortal.Ledger;

/// <summary>What an operator watches: how well commits are shared.</summary>
internal static class LedgerMetrics
{
    public const string BatchSizeName = "billing.ledger.batch_size";

    private static readonly Meter Meter = new("BillingPortal");

    public static Histogram<int> BatchSize { get; } =
        Meter.CreateHistogram<int>(BatchSizeName, "postings", "Postings that shared one commit");
}
