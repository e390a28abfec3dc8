using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>How far one account's books have been proven, and when. The next incremental audit starts here.</summary>
public sealed class LedgerProof
{
    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    public long Seq { get; private set; }

    public long BalanceE4 { get; private set; }

    public long DebtSeq { get; private set; }

    public long DebtE4 { get; private set; }

    public DateTimeOffset ProvenAt { get; private set; }
}

/// <summary>Table <c>ledger_proofs</c>, written by the audit.</summary>
internal sealed class LedgerProofMap : IEntityTypeConfiguration<LedgerProof>
{
    public void Configure(EntityTypeBuilder<LedgerProof> proof)
    {
        proof.ToTable("ledger_proofs");
        proof.HasKey(row => new { row.TenantId, row.Unit });
        proof.HasCode(row => row.Unit).UseCollation("C");
    }
}
