using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>One immutable signed line of an account with its counter account: both sides of a booking in one row.</summary>
public sealed class Entry
{
    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    /// <summary>1, 2, 3 … without a gap per account, so that a lost or doubled entry shows.</summary>
    public long Seq { get; private set; }

    public long AmountE4 { get; private set; }

    public long BalanceAfterE4 { get; private set; }

    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset PostedAt { get; private set; }

    public Guid IdempotencyKey { get; private set; }

    public EntryKind Kind { get; private set; }

    public CounterAccount CounterAccount { get; private set; }

    public string? Service { get; private set; }

    public string? Reference { get; private set; }

    public string CauseType { get; private set; } = "";

    public string? CauseId { get; private set; }

    public Guid? HoldId { get; private set; }

    public long? ReversesSeq { get; private set; }

    public string? Note { get; private set; }
}

/// <summary>
/// Table <c>entries</c>. Nobody may insert, update or delete; no foreign key on the hot insert, the audit proves what it would.
/// </summary>
internal sealed class EntryMap : IEntityTypeConfiguration<Entry>
{
    public void Configure(EntityTypeBuilder<Entry> entry)
    {
        entry.ToTable("entries", table => table.HasCheckConstraint(
            "ck_entries_figures", "amount_e4 <> 0 AND balance_after_e4 >= 0 AND seq > 0"));
        entry.HasKey(row => new { row.TenantId, row.Unit, row.Seq });
        entry.HasCode(row => row.Unit).UseCollation("C");
        entry.HasCode(row => row.Kind).UseCollation("C");
        entry.HasCode(row => row.CounterAccount).UseCollation("C");

        // Key first: version-7 uuids then land at the right edge of the index.
        entry.HasIndex(row => new { row.IdempotencyKey, row.TenantId }).IsUnique();
    }
}
