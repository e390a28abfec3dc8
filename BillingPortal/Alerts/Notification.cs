using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Alerts;

/// <summary>
/// Something a tenant's people are told in the portal, written with the commit that it tells of, whether or not it was
/// mailed as well. Holds at every commit: one per tenant, kind and cause.
/// </summary>
public sealed class Notification
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public required string Kind { get; init; }

    public NoticeSeverity Severity { get; init; }

    public required string Title { get; init; }

    public string? Text { get; init; }

    /// <summary>A path of the portal.</summary>
    public required string Link { get; init; }

    /// <summary>The cause, as the mail's key.</summary>
    public required string Key { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The trouble is over: it stays in the history and is no banner any more.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One person has read, or dismissed, one notification.</summary>
public sealed class NotificationRead
{
    public Guid TenantId { get; init; }

    public Guid UserId { get; init; }

    public Guid NotificationId { get; init; }

    public DateTimeOffset ReadAt { get; init; }
}

/// <summary>Table <c>notifications</c>.</summary>
internal sealed class NotificationMap : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification.ToTable("notifications", table => table.HasCheckConstraint(
            "ck_notifications_link", "link LIKE '/%' AND link NOT LIKE '//%'"));
        notification.HasCode(n => n.Severity);
        notification.HasIndex(n => new { n.TenantId, n.Kind, n.Key }).IsUnique();
        notification.HasIndex(n => new { n.TenantId, n.CreatedAt });
    }
}

/// <summary>Table <c>notification_reads</c>.</summary>
internal sealed class NotificationReadMap : IEntityTypeConfiguration<NotificationRead>
{
    public void Configure(EntityTypeBuilder<NotificationRead> read)
    {
        read.ToTable("notification_reads");
        read.HasKey(r => new { r.TenantId, r.UserId, r.NotificationId });
        read.HasOne<Notification>().WithMany().HasForeignKey(r => r.NotificationId).OnDelete(DeleteBehavior.Cascade);
    }
}
