using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Messaging;

/// <summary>Messages page by page and as a file. It only reads.</summary>
internal static class SmsExportEndpoints
{
    public static IEndpointRouteBuilder MapSmsExport(this IEndpointRouteBuilder routes)
    {
        // A long file takes as long as its reader: who stops reading is cut off by the server's least rate.
        routes.MapGet("/api/sms/messages.csv", Export).RequireAuthorization(Policies.TenantRead).WithTags("SMS")
            .WithSummary("Messages of a period as a CSV file, newest first, all pages").WithProblems("invalid_filter")
            .Produces(200, contentType: ApiExample.Csv)
            .WithExample("The last 30 days", SmsExamples.Csv, at: "/api/sms/messages.csv", type: ApiExample.Csv).DisableRequestTimeout();
        routes.MapGet("/api/sms/messages", ListAsync).RequireAuthorization(Policies.TenantRead).WithTags("SMS")
            .WithSummary("Messages of a period, newest first").WithProblems("invalid_filter")
            .WithDescription("Without a period the last 30 days.")
            .WithExample("The newest", SmsExamples.Messages, at: "/api/sms/messages?limit=1");
        return routes;
    }

    private static async Task<Results<Ok<SmsMessagesAnswer>, ProblemHttpResult>> ListAsync(
        [AsParameters] SmsQuery query, [FromQuery] string? limit, CurrentTenant tenant, SmsReader reader, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(query.Cursor) && SmsCursor.Parse(query.Cursor.Trim()) is null)
        {
            return Paging.InvalidCursor;
        }

        if (Paging.LimitOf(limit) is not { } most)
        {
            return Paging.InvalidLimit;
        }

        var request = query.Judge(TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone), clock.GetUtcNow());
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid("invalid_filter", refusal);
        }

        var page = await reader.PageAsync(tenant.Id, request.Filter, request.Cursor, most, cancellationToken);
        return TypedResults.Ok(new SmsMessagesAnswer(
            [.. page.Rows.Select(row => SmsStatsMessage.Of(row.Message))], page.Next?.ToString()));
    }

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(
        [AsParameters] SmsQuery query, CurrentTenant tenant, SmsExporter exporter, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = query.Judge(TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone), clock.GetUtcNow());
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid("invalid_filter", refusal);
        }

        var tenantId = tenant.Id;
        return TypedResults.Stream(
            body => exporter.WriteAsync(body, tenantId, request.Filter, cancellationToken), "text/csv; charset=utf-8",
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"sms-{request.FirstDay:yyyy-MM-dd}-to-{request.LastDay:yyyy-MM-dd}.csv"));
    }
}
