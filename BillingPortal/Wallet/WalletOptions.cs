using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Wallet;

/// <summary>Settings <c>Wallet:*</c>.</summary>
public sealed class WalletOptions
{
    /// <summary>
    /// Below what a credits account is called low on the pages (contract: 100 unless the tenant says otherwise).
    /// </summary>
    [Range(0, 1_000_000)]
    public decimal AlertThresholdCredits { get; set; } = 100;

    /// <summary>The same for a wallet in US dollars (contract: the default threshold of wallet plans).</summary>
    [Range(0, 1_000_000)]
    public decimal AlertThresholdUsd { get; set; } = 10;

    /// <summary>More rows than this are not exported at once; a spreadsheet holds 1,048,576.</summary>
    [Range(1, 10_000_000)]
    public int ExportRowsMax { get; set; } = 1_000_000;
}
