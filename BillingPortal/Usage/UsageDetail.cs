using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Usage;

/// <summary>
/// What a usage entry is about, beside the ledger: how much was used, at which rate, and what the source said of it. For explaining an
/// entry to people; the books never depend on it. The key is that of the entry.
/// </summary>
public sealed class UsageDetail
{
    public required Guid IdempotencyKey { get; init; }

    public required Guid TenantId { get; init; }

    public required string Service { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>The client's own id.</summary>
    public required string ReferenceId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The price in words, as it was then.</summary>
    public required string Rate { get; init; }

    /// <summary>A JSON object, exactly as it came; null when none did.</summary>
    public string? Metadata { get; init; }
}

/// <summary>Table <c>usage_events</c>, written by <c>usage_record</c>; may be thinned out by age without touching the books.</summary>
internal sealed class UsageDetailMap : IEntityTypeConfiguration<UsageDetail>
{
    public void Configure(EntityTypeBuilder<UsageDetail> detail)
    {
        detail.ToTable("usage_events", table => table.HasCheckConstraint("ck_usage_events_quantity", "quantity >= 0"));
        detail.HasKey(row => new { row.IdempotencyKey, row.TenantId });
        // json, not jsonb: it is kept as it came, whatever numbers and escapes are in it.
        detail.Property(row => row.Metadata).HasColumnType("json");
        // For a month of all tenants. Rows come in the order of time, so a block's range is enough; it costs an insert nothing.
        detail.HasIndex(row => row.OccurredAt).HasMethod("brin");
    }
}
