using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Analytics;

/// <summary>What a cell of the cohorts shows.</summary>
public enum CohortMeasure
{
    /// <summary>Tenants that paid, of all of the cohort.</summary>
    Share = 1,
    Revenue,

    /// <summary>Revenue divided by payments.</summary>
    Average,
}

/// <summary>Cohorts in words and figures for people.</summary>
internal static class CohortTexts
{
    public static string Name(CohortMeasure measure) => measure switch
    {
        CohortMeasure.Share => "Still paying",
        CohortMeasure.Revenue => "Revenue",
        CohortMeasure.Average => "Average payment",
    };

    public static string Name(CohortScope scope) => scope switch
    {
        CohortScope.All => "All payments",
        CohortScope.AutoRecharge => "Auto-recharges",
    };

    public static string Month(DateOnly month) => month.ToString("MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Of the cohort, 0 to 1.</summary>
    public static decimal Share(Cohort cohort, CohortCell? cell) =>
        cohort.Tenants == 0 ? 0 : (decimal)(cell?.Tenants ?? 0) / cohort.Tenants;

    public static Amount Average(CohortCell cell) => Amount.UsdCents((long)decimal.Round(
        (decimal)cell.RevenueCents / cell.Payments, 0, MidpointRounding.AwayFromZero));

    public static string Cell(CohortMeasure measure, Cohort cohort, CohortCell? cell) => (measure, cell) switch
    {
        (CohortMeasure.Share, _) => (Share(cohort, cell) * 100).ToString("0", CultureInfo.InvariantCulture) + " %",
        (_, null) => "–",
        (CohortMeasure.Revenue, _) => AmountFormat.Cents(cell.RevenueCents),
        (CohortMeasure.Average, _) => AmountFormat.Number(Average(cell)),
    };

    /// <summary>How strong a cell is tinted, 0 to 4: of a share itself, else of the strongest cell.</summary>
    public static int Tint(CohortMeasure measure, Cohort cohort, CohortCell? cell, CohortTable table)
    {
        if (cell is null)
        {
            return 0;
        }

        var part = measure switch
        {
            CohortMeasure.Share => Share(cohort, cell),
            CohortMeasure.Revenue => Part(cell.RevenueCents, table.Cohorts.SelectMany(one => one.Cells).Max(one => one?.RevenueCents ?? 0)),
            CohortMeasure.Average => Part(
                Average(cell).E4, table.Cohorts.SelectMany(one => one.Cells).Max(one => one is null ? 0 : Average(one).E4)),
        };
        return (int)decimal.Ceiling(Math.Clamp(part, 0, 1) * 4);
    }

    private static decimal Part(long value, long most) => most <= 0 ? 0 : (decimal)value / most;
}
