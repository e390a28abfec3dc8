using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Documents.Receipts;

/// <summary>Receipts over HTTP, as files.</summary>
internal static class ReceiptEndpoints
{
    public static IEndpointRouteBuilder MapReceiptEndpoints(this IEndpointRouteBuilder routes)
    {
        var receipts = routes.MapGroup("/api/receipts").RequireAuthorization(Policies.TenantRead).WithTags("Receipts");
        receipts.MapGet("/{purchaseId:guid}.pdf", ReadAsync).WithSummary("The receipt of a settled purchase, as PDF")
            .Produces(200, contentType: ApiExample.Pdf).WithProblems("unknown_receipt")
            .WithExample("The file", "%PDF-1.7", at: "/api/receipts/$PURCHASE_ID.pdf", type: ApiExample.Pdf);
        return routes;
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadAsync(
        Guid purchaseId, CurrentTenant tenant, ReceiptReader receipts, CancellationToken cancellationToken) =>
        await receipts.FileAsync(tenant.Id, purchaseId, cancellationToken) is { } file
            ? TypedResults.File(file.Content, file.ContentType, file.Name)
            : Problems.NotFound(
                "unknown_receipt", "There is no settled purchase of that id. An unpaid purchase has no receipt.");
}
