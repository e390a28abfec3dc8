using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Webhooks;

/// <summary>How an event came, and why it is believed.</summary>
public enum EventSource
{
    /// <summary>Sent to us, with a valid signature.</summary>
    Webhook,

    /// <summary>Fetched from the provider's own list, because no webhook had brought it.</summary>
    Fetched,
}

/// <summary>What became of an event.</summary>
public enum EventState
{
    Pending,
    Handled,

    /// <summary>Of a kind that means nothing to us, or about somebody else's object.</summary>
    Ignored,

    /// <summary>Of a kind that a person will want to see: an early warning of fraud. Nothing was done.</summary>
    Kept,

    /// <summary>Given up after the last try; waits for a person.</summary>
    Dead,
}

/// <summary>
/// One event of a provider in the inbox. Holds at every commit: one row per provider and event id, and pending exactly
/// while it has no time of its end.
/// </summary>
public sealed class WebhookEvent
{
    public Guid Id { get; init; }

    public required string Provider { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>What the event is about; handlers read it afresh.</summary>
    public string? ObjectId { get; init; }

    public EventSource Source { get; init; }

    /// <summary>By the provider's clock; never used to order events.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public required string Body { get; init; }

    public EventState State { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset NextAttemptAt { get; init; }

    public Guid? LeaseId { get; init; }

    public DateTimeOffset? LeasedUntil { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? LastError { get; init; }
}

/// <summary>Table <c>webhook_events</c>; no tenant, the operator's alone.</summary>
internal sealed class WebhookEventMap : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> row)
    {
        row.ToTable("webhook_events", table =>
        {
            table.HasCheckConstraint("ck_webhook_events_ended", "(state = 'pending') = (ended_at IS NULL)");
            table.HasCheckConstraint("ck_webhook_events_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
        });
        row.HasCode(e => e.Source);
        row.HasCode(e => e.State);
        row.HasIndex(e => new { e.Provider, e.EventId }).IsUnique();
        row.HasIndex(e => new { e.NextAttemptAt, e.Id }).HasDatabaseName("ix_webhook_events_pending")
            .HasFilter("state = 'pending'");
        row.HasIndex(e => e.ReceivedAt);
        row.HasIndex(e => e.ObjectId);
    }
}

/// <summary>How far a provider's list of events has been read.</summary>
internal sealed class EventCursor
{
    public required string Provider { get; init; }

    /// <summary>Everything that occurred before has been seen.</summary>
    public DateTimeOffset SeenUntil { get; set; }
}

/// <summary>Table <c>webhook_cursors</c>.</summary>
internal sealed class EventCursorMap : IEntityTypeConfiguration<EventCursor>
{
    public void Configure(EntityTypeBuilder<EventCursor> cursor)
    {
        cursor.ToTable("webhook_cursors");
        cursor.HasKey(c => c.Provider);
    }
}
