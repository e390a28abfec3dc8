using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>A tenant's balance in one unit. Read only: <c>ledger_post</c> alone changes it.</summary>
public sealed class Account
{
    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    public long BalanceE4 { get; private set; }

    public long HeldE4 { get; private set; }

    /// <summary>Above zero only when nothing is available: usage is then refused until a top-up has paid it.</summary>
    public long DebtE4 { get; private set; }

    public long LastSeq { get; private set; }

    public long LastDebtSeq { get; private set; }

    /// <summary>Available below this writes a recharge request; null while auto-recharge is off.</summary>
    public long? RechargeBelowE4 { get; private set; }

    /// <summary>How often available fell below the threshold; the audit compares it with the requests.</summary>
    public long Crossings { get; private set; }

    /// <summary>True once a key of this account stands in holds or debt entries: repeats are then looked for there too.</summary>
    public bool HasSideKeys { get; private set; }
}

/// <summary>Table <c>accounts</c>. No index on anything a debit changes, and room in every page: updates stay heap-only.</summary>
internal sealed class AccountMap : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts", table => table.HasCheckConstraint(
            "ck_accounts_figures",
            "balance_e4 >= 0 AND held_e4 >= 0 AND held_e4 <= balance_e4 AND debt_e4 >= 0 "
            + "AND (debt_e4 = 0 OR held_e4 = balance_e4)"));
        account.HasStorageParameter("fillfactor", 60);
        account.HasKey(row => new { row.TenantId, row.Unit });
        account.HasCode(row => row.Unit).UseCollation("C");
    }
}
