using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Settlement;

/// <summary>
/// One settled month of a tenant: written in the transaction that debits it, never changed. Holds at every commit: its
/// amount is that of its entry, and of everything reserved with it.
/// </summary>
public sealed class MonthlyBilling
{
    public required Guid TenantId { get; init; }

    /// <summary>Its first day (UTC).</summary>
    public required DateOnly Month { get; init; }

    public required long AmountE4 { get; init; }

    public required int Events { get; init; }

    /// <summary>Of these, used in an earlier month and reported when that was settled.</summary>
    public required int LateEvents { get; init; }

    /// <summary>The settlement in the tenant's dollar account.</summary>
    public required long EntrySeq { get; init; }

    public required Guid HoldId { get; init; }

    public required SettlementReason Reason { get; init; }

    public required DateTimeOffset SettledAt { get; init; }

    public Amount Amount => new(AmountE4, Unit.Usd);
}

/// <summary>Why a month was settled when it was.</summary>
public enum SettlementReason
{
    MonthEnd = 1,

    /// <summary>The tenant left the wallet plan; what it used there later in the month is settled with the next.</summary>
    PlanChange,
}

/// <summary>Table <c>monthly_billings</c>: one row per tenant and month.</summary>
internal sealed class MonthlyBillingMap : IEntityTypeConfiguration<MonthlyBilling>
{
    public void Configure(EntityTypeBuilder<MonthlyBilling> billing)
    {
        billing.ToTable("monthly_billings", table => table.HasCheckConstraint(
            "ck_monthly_billings_figures",
            "amount_e4 > 0 AND events > 0 AND late_events BETWEEN 0 AND events AND entry_seq > 0 "
            + "AND extract(day FROM month) = 1"));
        billing.HasKey(row => new { row.TenantId, row.Month });
        billing.HasCode(row => row.Reason);
        billing.HasIndex(row => row.HoldId).IsUnique();
        billing.HasIndex(row => row.Month);
        billing.Ignore(row => row.Amount);
    }
}
