using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Notifications;

/// <summary>
/// How an account was last judged, and what was mailed about it. The band says within which available amounts the
/// judgement stands, so that the watcher finds who left theirs by comparing numbers. Holds at every commit: the mail
/// that the row tells of was enqueued with it.
/// </summary>
public sealed class AlertState
{
    public Guid TenantId { get; init; }

    public Unit Unit { get; init; }

    public AlertLevel Level { get; set; } = AlertLevel.Good;

    /// <summary>The level stands while available is from here …</summary>
    public long BandFromE4 { get; set; }

    /// <summary>… to here, both included. An empty band is judged at the next look.</summary>
    public long BandToE4 { get; set; }

    /// <summary>Rent due within seven days, as judged.</summary>
    public long RentDueE4 { get; set; }

    /// <summary>A figure made of the numbers that are due, so that the watcher sees that they are others by now.</summary>
    public long RentMark { get; set; }

    /// <summary>Minus infinity: not yet.</summary>
    public DateTimeOffset JudgedAt { get; set; }

    /// <summary>The worst level told since the last real recovery; null: nothing to compare with.</summary>
    public AlertLevel? MailedLevel { get; set; }

    public DateTimeOffset? MailedAt { get; set; }

    /// <summary>When the next mail is due if nothing changes; null while all is well.</summary>
    public DateTimeOffset? NextMailAt { get; set; }

    /// <summary>Mails so far; the next one's key.</summary>
    public int Mails { get; set; }

    /// <summary>The account's last entry when it was last mailed about.</summary>
    public long MailedSeq { get; set; }

    /// <summary>Whether an account that nobody uses any more had its one reminder.</summary>
    public bool IdleReminded { get; set; }
}

/// <summary>Table <c>alert_states</c>.</summary>
internal sealed class AlertStateMap : IEntityTypeConfiguration<AlertState>
{
    public void Configure(EntityTypeBuilder<AlertState> state)
    {
        state.ToTable("alert_states", table => table.HasCheckConstraint(
            "ck_alert_states_mailed", "(mails = 0) = (mailed_at IS NULL)"));
        state.HasKey(s => new { s.TenantId, s.Unit });
        state.HasCode(s => s.Unit).UseCollation("C");
        state.HasCode(s => s.Level);
        state.HasCode(s => s.MailedLevel);
    }
}
