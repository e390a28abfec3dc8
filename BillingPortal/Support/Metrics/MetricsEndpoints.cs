using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Support.Metrics;

/// <summary>The figures of payments and recharges as a file for the staff.</summary>
internal static class MetricsEndpoints
{
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/staff/metrics.csv", ReadAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadAsync(
        MetricsReader reader, CancellationToken cancellationToken, int days = 30) =>
        MetricsReader.Periods.Contains(days)
            ? TypedResults.File(
                MetricsCsv.Write(await reader.ReadAsync(days, cancellationToken)), "text/csv", $"payments-{days}-days.csv")
            : Problems.Invalid("invalid_period", $"days is one of {string.Join(", ", MetricsReader.Periods)}.");
}
