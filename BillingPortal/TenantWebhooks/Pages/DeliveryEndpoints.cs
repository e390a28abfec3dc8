using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>What an endpoint was sent, over HTTP. It only reads; owners alone see addresses with their query.</summary>
internal static class DeliveryEndpoints
{
    public static IEndpointRouteBuilder MapDeliveries(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/webhook-endpoints/{id:guid}/deliveries.csv", ExportAsync)
            .RequireAuthorization(Policies.TenantRead).WithTags("Webhook endpoints")
            .WithCsvList(
                "Deliveries of one webhook endpoint as a CSV file", DeliveryCsv.Example,
                "The id stands in the address of the endpoint's page. `address` lacks its query, but for an owner's session.",
                "/api/webhook-endpoints/$WEBHOOK_ENDPOINT_ID/deliveries.csv")
            .WithProblems("unknown_webhook_endpoint");
        return routes;
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        Guid id, HttpResponse response, CurrentTenant tenant, EndpointReader endpoints, CancellationToken cancellationToken)
    {
        if (await endpoints.DeliveriesAsync(tenant.Id, id, CsvList.RowsRead, cancellationToken) is not { } found)
        {
            return Problems.NotFound("unknown_webhook_endpoint", "There is no webhook endpoint of that id.");
        }

        return DeliveryCsv.Of(response, tenant.CanManage ? found.Url : EndpointTexts.Shown(found.Url), found.Rows);
    }
}
