using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Analytics;

/// <summary>Usage and spend over HTTP. They only read.</summary>
internal static class UsageEndpoints
{
    private static readonly string[] Refused =
        ["invalid_unit", "invalid_period", "invalid_group", "invalid_tag", "invalid_step", "invalid_service"];

    public static IEndpointRouteBuilder MapUsageFigures(this IEndpointRouteBuilder routes)
    {
        var figures = routes.MapGroup("/api/analytics").RequireAuthorization(Policies.TenantRead).WithTags("Analytics");
        figures.MapGet("/usage", ReadAsync)
            .WithSummary("Usage and spend of a period by service, phone number or tag, against the period before")
            .WithExample("A week by service", AnalyticsExamples.Usage, at: "/api/analytics/usage?period=7&group=service&by=day")
            .WithProblems(Refused);
        figures.MapGet("/usage.csv", ExportAsync).WithSummary("The same as a CSV file: its rows, or with layout=series each day's")
            .Produces(200, contentType: ApiExample.Csv).WithProblems([.. Refused, "invalid_layout"])
            .WithExample("A week by service", AnalyticsExamples.Csv, at: "/api/analytics/usage.csv?period=7", type: ApiExample.Csv);
        figures.MapGet("/budgets.csv", ExportBudgetsAsync).WithSummary("The budgets of this month as a CSV file")
            .Produces(200, contentType: ApiExample.Csv)
            .WithExample("A budget for calls", AnalyticsExamples.Budgets, at: "/api/analytics/budgets.csv", type: ApiExample.Csv);
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

    private static async Task<PushStreamHttpResult> ExportBudgetsAsync(
        CurrentTenant tenant, BudgetReader budgets, CancellationToken cancellationToken) =>
        UsageCsv.Budgets(await budgets.ReadAsync(tenant.Id, tenant.Plan, cancellationToken));

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
