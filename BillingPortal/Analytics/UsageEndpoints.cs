using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Analytics;

/// <summary>Usage and spend over HTTP. They only read.</summary>
internal static class UsageEndpoints
{
    public static IEndpointRouteBuilder MapUsageFigures(this IEndpointRouteBuilder routes)
    {
        var figures = routes.MapGroup("/api/analytics").RequireAuthorization(Policies.TenantRead).WithTags("Analytics");
        figures.MapGet("/usage", ReadAsync)
            .WithSummary("Usage and spend of a period by service, phone number or tag, against the period before");
        figures.MapGet("/usage.csv", ExportAsync).WithSummary("The same as a CSV file: its rows, or with layout=series each day's");
        return routes;
    }

    private static async Task<Results<Ok<UsageAnswer>, ProblemHttpResult>> ReadAsync(
        [AsParameters] UsageQuery query, CurrentTenant tenant, UsageReader usage, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = query.Judge(tenant.Plan, clock.GetUtcNow());
        return request.Refusal is { } refusal
            ? Problems.Invalid(refusal.Code, refusal.Detail)
            : TypedResults.Ok(UsageAnswer.Of(await usage.ReadAsync(tenant.Id, request, cancellationToken)));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        [AsParameters] UsageQuery query, [FromQuery] string? layout, CurrentTenant tenant, UsageReader usage, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = query.Judge(tenant.Plan, clock.GetUtcNow());
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid(refusal.Code, refusal.Detail);
        }

        if (layout is not (null or "" or "table" or "series"))
        {
            return Problems.Invalid("invalid_layout", "layout is table or series.");
        }

        var report = await usage.ReadAsync(tenant.Id, request, cancellationToken);
        return layout is "series" ? UsageCsv.Series(report) : UsageCsv.Table(report);
    }
}
