using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.BalanceImport;

/// <summary>
/// A tenant that came by import, and whether everything of its line is done. Written in the transaction that makes the
/// tenant and posts its balance.
/// </summary>
public sealed class BalanceImportRecord
{
    public required Guid TenantId { get; init; }

    /// <summary>The line's content: a repeat of the same file is told from a changed one.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>When cards and settings stood as well; null while a run was interrupted before.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>Table <c>balance_imports</c>.</summary>
internal sealed class BalanceImportRecordMap : IEntityTypeConfiguration<BalanceImportRecord>
{
    public void Configure(EntityTypeBuilder<BalanceImportRecord> record)
    {
        record.ToTable("balance_imports");
        record.HasKey(row => row.TenantId);
    }
}
