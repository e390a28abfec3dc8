using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Wallet;

/// <summary>Settings <c>Wallet:*</c>.</summary>
public sealed class WalletOptions
{
    /// <summary>More rows than this are not exported at once; a spreadsheet holds 1,048,576.</summary>
    [Range(1, 10_000_000)]
    public int ExportRowsMax { get; set; } = 1_000_000;
}
