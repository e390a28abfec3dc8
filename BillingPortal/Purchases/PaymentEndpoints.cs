using BillingPortal.Tenants;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Purchases;

/// <summary>The payment history over HTTP. It only reads.</summary>
internal static class PaymentEndpoints
{
    public static IEndpointRouteBuilder MapPayments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PurchaseCsv.Path, ExportAsync).RequireAuthorization(Policies.TenantRead).WithTags("Purchases")
            .WithCsvList(
                "All payments as a CSV file", PurchaseCsv.Example,
                "Payments that came to nothing are rows too: money was taken where `state` is `settled`.");
        return routes;
    }

    private static async Task<PushStreamHttpResult> ExportAsync(
        HttpResponse response, CurrentTenant tenant, PurchaseReader purchases, CancellationToken cancellationToken) =>
        PurchaseCsv.Of(
            response, await purchases.ListAsync(tenant.Id, CsvList.RowsRead, cancellationToken: cancellationToken));
}
