using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>One change of an account's debt: plus by a claw-back or a capture beyond the balance, minus by a top-up.</summary>
public sealed class DebtEntry
{
    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    public long Seq { get; private set; }

    public long AmountE4 { get; private set; }

    public long DebtAfterE4 { get; private set; }

    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset PostedAt { get; private set; }

    public Guid IdempotencyKey { get; private set; }

    /// <summary>The entry posted together with it; null when nothing could be taken from the balance.</summary>
    public long? EntrySeq { get; private set; }

    public EntryKind Kind { get; private set; }

    public CounterAccount CounterAccount { get; private set; }

    public string? Service { get; private set; }

    public string? Reference { get; private set; }

    public string CauseType { get; private set; } = "";

    public string? CauseId { get; private set; }

    public Guid? HoldId { get; private set; }

    public string? Note { get; private set; }
}

/// <summary>Table <c>debt_entries</c>, written by the posting function alone.</summary>
internal sealed class DebtEntryMap : IEntityTypeConfiguration<DebtEntry>
{
    public void Configure(EntityTypeBuilder<DebtEntry> entry)
    {
        entry.ToTable("debt_entries", table => table.HasCheckConstraint(
            "ck_debt_entries_figures", "amount_e4 <> 0 AND debt_after_e4 >= 0 AND seq > 0"));
        entry.HasKey(row => new { row.TenantId, row.Unit, row.Seq });
        entry.HasCode(row => row.Unit).UseCollation("C");
        entry.HasCode(row => row.Kind).UseCollation("C");
        entry.HasCode(row => row.CounterAccount).UseCollation("C");
        entry.HasIndex(row => new { row.IdempotencyKey, row.TenantId }).IsUnique();
    }
}
