using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Alerts;

/// <summary>Where an email stands: written and being sent, accepted by the provider, or refused for good.</summary>
public enum EmailState
{
    Pending,
    Sent,
    Failed,
}

/// <summary>
/// One email to one person: the log, and what is sent. Written before the first try, so that a repeat sends the same
/// words under the same key. Holds at every commit: sent exactly when it has a time of sending.
/// </summary>
public sealed class SentEmail
{
    /// <summary>Also the provider's idempotency key.</summary>
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>The outbox message that asked for it; one email per address.</summary>
    public Guid MessageId { get; init; }

    public required string Kind { get; init; }

    public required string ToAddress { get; init; }

    public required string Subject { get; init; }

    public required string Html { get; init; }

    public required string Text { get; init; }

    public EmailState State { get; set; }

    /// <summary>The provider's id.</summary>
    public string? ProviderId { get; set; }

    public string? LastError { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; set; }
}

/// <summary>Table <c>emails</c>.</summary>
internal sealed class SentEmailMap : IEntityTypeConfiguration<SentEmail>
{
    public void Configure(EntityTypeBuilder<SentEmail> email)
    {
        email.ToTable("emails", table => table.HasCheckConstraint(
            "ck_emails_sent", "(state = 'sent') = (sent_at IS NOT NULL)"));
        email.HasCode(e => e.State);
        email.HasIndex(e => new { e.MessageId, e.ToAddress }).IsUnique();
        email.HasIndex(e => new { e.TenantId, e.CreatedAt });
    }
}
