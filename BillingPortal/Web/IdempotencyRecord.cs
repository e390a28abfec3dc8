using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Web;

/// <summary>
/// One idempotency key of one tenant at one endpoint: claimed before the work, and after a success the answer to
/// replay.
/// </summary>
public sealed class IdempotencyRecord
{
    public required Guid TenantId { get; init; }

    /// <summary>Method and route pattern.</summary>
    public required string Endpoint { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 over address and body; another one under the same key is a conflict.</summary>
    public required byte[] Fingerprint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until then the request is taken to be running; afterwards its process is taken to be dead.</summary>
    public required DateTimeOffset LockedUntil { get; set; }

    /// <summary>Null while running.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public byte[]? Body { get; set; }
}

/// <summary>The table <c>idempotency_keys</c>.</summary>
internal sealed class IdempotencyRecordMap : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_keys", table =>
            table.HasCheckConstraint("ck_idempotency_keys_status", "status IS NULL OR status BETWEEN 200 AND 299"));
        builder.HasKey(record => new { record.TenantId, record.Endpoint, record.Key });
        builder.Property(record => record.Endpoint).HasMaxLength(200);
        builder.Property(record => record.Key).HasMaxLength(255);
        builder.Property(record => record.ContentType).HasMaxLength(200);
        builder.HasIndex(record => record.CreatedAt);
    }
}
