using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Alerts;

/// <summary>Where an email stands. It moves forward only; the order is that of <see cref="EmailStates.Rank"/>.</summary>
public enum EmailState
{
    /// <summary>Written and being sent.</summary>
    Pending,

    /// <summary>The provider has it.</summary>
    Sent,

    /// <summary>The recipient's server took it.</summary>
    Delivered,

    /// <summary>Sent back.</summary>
    Bounced,

    /// <summary>The recipient called it spam.</summary>
    Complained,

    /// <summary>The provider refused to write to the address.</summary>
    Suppressed,

    /// <summary>Refused for good, by the provider or after the last try.</summary>
    Failed,

    /// <summary>Never sent: the address was flagged.</summary>
    Withheld,
}

/// <summary>The order of an email's states.</summary>
public static class EmailStates
{
    /// <summary>News of a rank that is not above the present one changes nothing.</summary>
    public static int Rank(this EmailState state) => state switch
    {
        EmailState.Pending => 0,
        EmailState.Sent => 1,
        EmailState.Delivered => 2,
        EmailState.Bounced or EmailState.Suppressed or EmailState.Failed => 3,
        EmailState.Complained => 4,
        EmailState.Withheld => 5,
    };
}

/// <summary>
/// One email to one person: the log, and what is sent. Written before the first try, so that a repeat sends the same
/// words under the same key. Holds at every commit: what the provider has told of has a time of sending.
/// </summary>
public sealed class SentEmail
{
    /// <summary>Also the provider's idempotency key.</summary>
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>The outbox message that asked for it; one email per address.</summary>
    public Guid MessageId { get; init; }

    /// <summary>The mail that staff sent again with this one.</summary>
    public Guid? ResentOfId { get; init; }

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

    /// <summary>When the provider last told something new.</summary>
    public DateTimeOffset? ToldAt { get; set; }
}

/// <summary>Table <c>emails</c>.</summary>
internal sealed class SentEmailMap : IEntityTypeConfiguration<SentEmail>
{
    public void Configure(EntityTypeBuilder<SentEmail> email)
    {
        email.ToTable("emails", table => table.HasCheckConstraint(
            "ck_emails_sent",
            "CASE WHEN state IN ('pending', 'withheld') THEN sent_at IS NULL "
            + "WHEN state = 'failed' THEN true ELSE sent_at IS NOT NULL END"));
        email.HasCode(e => e.State);
        email.HasIndex(e => new { e.MessageId, e.ToAddress }).IsUnique();
        email.HasIndex(e => new { e.TenantId, e.CreatedAt });
        email.HasIndex(e => e.ResentOfId).HasFilter("resent_of_id IS NOT NULL");
        email.HasIndex(e => e.ProviderId).HasFilter("provider_id IS NOT NULL");
    }
}
