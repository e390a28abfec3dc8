using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Analytics;

/// <summary>Which payments a cohort is made of.</summary>
public enum CohortScope
{
    /// <summary>Every settled payment: bought by hand, on invoice, or recharged.</summary>
    All = 1,

    /// <summary>Auto-recharges only, from a tenant's first one on.</summary>
    AutoRecharge,
}

/// <summary>
/// What the tenants whose first payment lies in one month paid so many months later. Counted anew as a whole, never changed in part.
/// </summary>
public sealed class CohortCell
{
    public required CohortScope Scope { get; init; }

    /// <summary>The month of the first payment, its first day, UTC.</summary>
    public required DateOnly Cohort { get; init; }

    /// <summary>Months since; zero is the first one.</summary>
    public required int Months { get; init; }

    /// <summary>Tenants that paid in that month.</summary>
    public required int Tenants { get; init; }

    public required long Payments { get; init; }

    /// <summary>Paid, less what was refunded or taken back since.</summary>
    public required long RevenueCents { get; init; }

    public required DateTimeOffset CountedAt { get; init; }
}

/// <summary>Table <c>cohort_cells</c>: at most a few hundred rows, for staff only.</summary>
internal sealed class CohortCellMap : IEntityTypeConfiguration<CohortCell>
{
    public void Configure(EntityTypeBuilder<CohortCell> cell)
    {
        cell.ToTable("cohort_cells", table => table.HasCheckConstraint(
            "ck_cohort_cells_figures", "months >= 0 AND tenants > 0 AND payments >= tenants"));
        cell.HasKey(row => new { row.Scope, row.Cohort, row.Months });
        cell.HasCode(row => row.Scope);
    }
}
