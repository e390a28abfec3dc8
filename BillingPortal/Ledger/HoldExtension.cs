using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>
/// One addition to an open hold. Append-only. Holds at every commit: a hold's amount = its first one + its extensions.
/// </summary>
public sealed class HoldExtension
{
    public Guid IdempotencyKey { get; private set; }

    public Guid TenantId { get; private set; }

    public Guid HoldId { get; private set; }

    public Unit Unit { get; private set; }

    public long AmountE4 { get; private set; }

    public string? Service { get; private set; }

    public string? Reference { get; private set; }

    public string CauseType { get; private set; } = "";

    public string? CauseId { get; private set; }

    public string? Note { get; private set; }

    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset PostedAt { get; private set; }
}

/// <summary>Table <c>hold_extensions</c>, written by the posting function alone.</summary>
internal sealed class HoldExtensionMap : IEntityTypeConfiguration<HoldExtension>
{
    public void Configure(EntityTypeBuilder<HoldExtension> extension)
    {
        extension.ToTable("hold_extensions", table => table.HasCheckConstraint("ck_hold_extensions_amount", "amount_e4 > 0"));
        extension.HasKey(row => new { row.IdempotencyKey, row.TenantId });
        extension.HasCode(row => row.Unit).UseCollation("C");
        extension.HasIndex(row => new { row.TenantId, row.HoldId, row.PostedAt });
    }
}
