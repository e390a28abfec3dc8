using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Messaging;

/// <summary>Messages as a file. It only reads.</summary>
internal static class SmsExportEndpoints
{
    public static IEndpointRouteBuilder MapSmsExport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sms/messages.csv", Export).RequireAuthorization(Policies.TenantRead).WithTags("SMS")
            .WithSummary("Messages of a period as a CSV file, newest first, all pages");
        return routes;
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
