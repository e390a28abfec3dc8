using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Outbox;

/// <summary>
/// Work that follows a commit, written with it and delivered at least once. Holds at every commit: it is pending,
/// delivered or dead, never two of these.
/// </summary>
public sealed class OutboxMessage
{
    public Guid Id { get; init; }

    public required string Kind { get; init; }

    public Guid? TenantId { get; init; }

    /// <summary>The same kind, tenant and key are written once.</summary>
    public string? Key { get; init; }

    public required string Payload { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Minus infinity: at once, whatever the clock says.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>Tries begun, the present one included.</summary>
    public int Attempts { get; init; }

    public Guid? LeaseId { get; init; }

    public DateTimeOffset? LeasedUntil { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? DeadAt { get; init; }

    public string? LastError { get; init; }

    /// <summary>The trace in which it was written (W3C <c>traceparent</c>); what follows belongs to it.</summary>
    public string? TraceParent { get; init; }

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, JsonSerializerOptions.Web)
        ?? throw new JsonException($"The message {Id} of kind {Kind} is empty.");
}

/// <summary>Table <c>outbox_messages</c>.</summary>
internal sealed class OutboxMessageMap : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.ToTable("outbox_messages", table =>
        {
            table.HasCheckConstraint("ck_outbox_messages_one_end", "delivered_at IS NULL OR dead_at IS NULL");
            table.HasCheckConstraint("ck_outbox_messages_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
        });
        message.Property(m => m.Payload).HasColumnType("jsonb");
        message.Property(m => m.TraceParent).HasMaxLength(55);
        message.HasIndex(m => new { m.DueAt, m.Id }).HasDatabaseName("ix_outbox_messages_pending")
            .HasFilter("delivered_at IS NULL AND dead_at IS NULL");
        message.HasIndex(m => new { m.Kind, m.TenantId, m.Key }).IsUnique().AreNullsDistinct(false)
            .HasDatabaseName("ux_outbox_messages_key").HasFilter("key IS NOT NULL");
        message.HasIndex(m => m.DeliveredAt).HasFilter("delivered_at IS NOT NULL");
    }
}
