using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Analytics;

/// <summary>What a tenant means to spend on a service in one calendar month (UTC). It warns; it never refuses anything.</summary>
public sealed class Budget
{
    /// <summary>At which shares of the amount a tenant can be warned, in per cent.</summary>
    public static readonly IReadOnlyList<int> AllShares = [50, 80, 100];

    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>Empty for all services together.</summary>
    public required string Service { get; init; }

    public required long AmountE4 { get; set; }

    /// <summary>Some of <see cref="AllShares"/>, ascending.</summary>
    public required int[] Shares { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public Amount Amount => new(AmountE4, Unit);

    /// <summary>The amount at which so many per cent are used: the first ten-thousandth that reaches them.</summary>
    public static long ReachedAtE4(long amountE4, int share) => (long)((((Int128)amountE4 * share) + 99) / 100);
}

/// <summary>
/// A share of a budget was reached in a month. Holds at every commit: one per budget, month and share; the mail it tells of was
/// enqueued with it.
/// </summary>
public sealed class BudgetAlert
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    public required string Service { get; init; }

    /// <summary>Its first day.</summary>
    public required DateOnly Month { get; init; }

    public required int Share { get; init; }

    public required long AmountE4 { get; init; }

    public required long SpentE4 { get; init; }

    /// <summary>False where a higher share was reached at the same look: one mail tells of both.</summary>
    public required bool IsTold { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What an account's budgets were last judged by: an account that has not moved since needs no look.</summary>
public sealed class BudgetMark
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    public DateOnly Month { get; init; }

    public long LastSeq { get; init; }

    public long HeldE4 { get; init; }

    public DateTimeOffset JudgedAt { get; init; }
}

/// <summary>Table <c>budgets</c>.</summary>
internal sealed class BudgetMap : IEntityTypeConfiguration<Budget>
{
    public void Configure(EntityTypeBuilder<Budget> budget)
    {
        budget.ToTable("budgets", table => table.HasCheckConstraint(
            "ck_budgets_terms", "amount_e4 > 0 AND cardinality(shares) > 0 AND shares <@ ARRAY[50, 80, 100]"));
        budget.HasKey(row => new { row.TenantId, row.Unit, row.Service });
        budget.Ignore(row => row.Amount);
        budget.HasCode(row => row.Unit);
    }
}

/// <summary>Table <c>budget_alerts</c>: its key is what "once per share and month" rests on.</summary>
internal sealed class BudgetAlertMap : IEntityTypeConfiguration<BudgetAlert>
{
    public void Configure(EntityTypeBuilder<BudgetAlert> alert)
    {
        alert.ToTable("budget_alerts", table => table.HasCheckConstraint(
            "ck_budget_alerts_share", "share IN (50, 80, 100) AND amount_e4 > 0"));
        alert.HasKey(row => new { row.TenantId, row.Unit, row.Service, row.Month, row.Share });
        alert.HasCode(row => row.Unit);
    }
}

/// <summary>Table <c>budget_marks</c>.</summary>
internal sealed class BudgetMarkMap : IEntityTypeConfiguration<BudgetMark>
{
    public void Configure(EntityTypeBuilder<BudgetMark> mark)
    {
        mark.ToTable("budget_marks");
        mark.HasKey(row => new { row.TenantId, row.Unit });
        mark.HasCode(row => row.Unit);
    }
}
