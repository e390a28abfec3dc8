using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Analytics;

/// <summary>The cohorts as a file, for staff.</summary>
internal static class CohortEndpoints
{
    private static readonly string[] Columns =
        ["scope", "cohort", "cohort_tenants", "months", "month", "tenants", "share", "payments", "revenue", "average", "currency"];

    public static IEndpointRouteBuilder MapCohorts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/staff/cohorts.csv", ExportAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        [FromQuery] string? scope, CohortReader cohorts, CancellationToken cancellationToken)
    {
        var chosen = Enum.GetValues<CohortScope>().Where(one => TextCodes.Of(one) == (scope ?? "all")).ToList();
        if (chosen.Count == 0)
        {
            return Problems.Invalid("invalid_scope", "scope is all or auto_recharge.");
        }

        var table = await cohorts.ReadAsync(chosen[0], cancellationToken);
        return CsvFile.Of(
            $"cohorts-{TextCodes.Of(table.Scope)}.csv", Columns,
            from cohort in table.Cohorts
            from pair in cohort.Cells.Select((cell, months) => (Cell: cell, Months: months))
            select (IReadOnlyList<object?>)
            [
                TextCodes.Of(table.Scope), cohort.Month, cohort.Tenants, pair.Months, cohort.Month.AddMonths(pair.Months),
                pair.Cell?.Tenants ?? 0, decimal.Round(CohortTexts.Share(cohort, pair.Cell), 4), pair.Cell?.Payments ?? 0,
                Amount.UsdCents(pair.Cell?.RevenueCents ?? 0).ToDecimal(),
                pair.Cell is { } cell ? CohortTexts.Average(cell).ToDecimal() : null, "usd",
            ]);
    }
}
