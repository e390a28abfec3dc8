using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>One finished audit. Its time is the proof that every tenant without a violation in it can be shown.</summary>
public sealed class LedgerAuditRun
{
    public long Id { get; private set; }

    public bool IsFull { get; private set; }

    public DateTimeOffset ProvenAt { get; private set; }

    /// <summary>Accounts that were looked at; an incremental audit looks at those that changed.</summary>
    public long Accounts { get; private set; }

    public long Entries { get; private set; }

    public int Violations { get; private set; }
}

/// <summary>Something in the books that must not be, as one audit found it.</summary>
public sealed class LedgerViolation
{
    public long AuditId { get; private set; }

    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    public string Rule { get; private set; } = "";

    public string Detail { get; private set; } = "";
}

/// <summary>Table <c>ledger_audit_runs</c>: counts only, so every tenant may read it.</summary>
internal sealed class LedgerAuditRunMap : IEntityTypeConfiguration<LedgerAuditRun>
{
    public void Configure(EntityTypeBuilder<LedgerAuditRun> run)
    {
        run.ToTable("ledger_audit_runs");
        run.HasKey(row => row.Id);
    }
}

/// <summary>Table <c>ledger_violations</c>: a tenant sees its own.</summary>
internal sealed class LedgerViolationMap : IEntityTypeConfiguration<LedgerViolation>
{
    public void Configure(EntityTypeBuilder<LedgerViolation> violation)
    {
        violation.ToTable("ledger_violations");
        violation.HasKey(row => new { row.AuditId, row.TenantId, row.Unit, row.Rule });
        violation.HasCode(row => row.Unit).UseCollation("C");
        violation.HasOne<LedgerAuditRun>().WithMany().HasForeignKey(row => row.AuditId).OnDelete(DeleteBehavior.Cascade);
    }
}
