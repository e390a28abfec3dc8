using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>A reservation before a provider call or a call's end. It moves no balance; its capture does.</summary>
public sealed class Hold
{
    /// <summary>The cause type of a hold that <see cref="LedgerOperation.Reserve"/> opened: it is all extensions.</summary>
    public const string Reservation = "reservation";

    public Guid Id { get; private set; }

    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    /// <summary>What is reserved in all: the first amount and every extension.</summary>
    public long AmountE4 { get; private set; }

    /// <summary>The sum of the extensions.</summary>
    public long ExtendedE4 { get; private set; }

    /// <summary>What was available right after it was made: the answer that a repeat gets again.</summary>
    public long AvailableAfterE4 { get; private set; }

    public HoldState State { get; private set; }

    /// <summary>What was asked for at capture, debt included; null unless captured.</summary>
    public long? CapturedE4 { get; private set; }

    public Guid IdempotencyKey { get; private set; }

    /// <summary>The key under which it was captured, released or expired.</summary>
    public Guid? EndedByKey { get; private set; }

    public string? Service { get; private set; }

    public string? Reference { get; private set; }

    public string CauseType { get; private set; } = "";

    public string? CauseId { get; private set; }

    public string? Note { get; private set; }

    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset PostedAt { get; private set; }

    /// <summary>Null for a hold that never ends by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }
}

/// <summary>Table <c>holds</c>, written by the posting function alone.</summary>
internal sealed class HoldMap : IEntityTypeConfiguration<Hold>
{
    public void Configure(EntityTypeBuilder<Hold> hold)
    {
        hold.ToTable("holds", table =>
        {
            table.HasCheckConstraint(
                "ck_holds_amount", "amount_e4 > 0 AND extended_e4 BETWEEN 0 AND amount_e4 "
                + "AND (cause_type = 'reservation') = (extended_e4 = amount_e4)");
            table.HasCheckConstraint(
                "ck_holds_reservation", "cause_type <> 'reservation' OR (expires_at IS NULL AND state IN ('open', 'captured') "
                + "AND coalesce(captured_e4, amount_e4) = amount_e4)");
            table.HasCheckConstraint("ck_holds_end",
                "(state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_by_key IS NULL) "
                + "AND (state = 'captured') = (captured_e4 IS NOT NULL)");
        });
        hold.HasKey(row => row.Id);
        hold.Property(row => row.ExtendedE4).HasDefaultValue(0L);
        hold.HasCode(row => row.Unit).UseCollation("C");
        hold.HasCode(row => row.State).UseCollation("C");
        hold.HasIndex(row => new { row.IdempotencyKey, row.TenantId }).IsUnique();
        hold.HasIndex(row => new { row.EndedByKey, row.TenantId }).IsUnique().HasFilter("ended_by_key IS NOT NULL");
        hold.HasIndex(row => new { row.TenantId, row.Reference, row.Service })
            .IsUnique().AreNullsDistinct(false).HasFilter("reference IS NOT NULL");
        hold.HasIndex(row => new { row.TenantId, row.Unit }).HasFilter("state = 'open'").HasDatabaseName("ix_holds_open");
        hold.HasIndex(row => row.ExpiresAt).HasFilter("state = 'open'").HasDatabaseName("ix_holds_due");
        hold.HasIndex(row => new { row.CauseId, row.TenantId })
            .HasFilter($"state = 'open' AND cause_type = '{Hold.Reservation}'").HasDatabaseName("ix_holds_reserved");
    }
}
