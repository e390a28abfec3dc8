using BillingPortal.Documents.Receipts;
using BillingPortal.Kernel;
using BillingPortal.Support.Metrics;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Support;

/// <summary>Files of tenants for the staff: the same receipt that the tenant has.</summary>
internal static class SupportEndpoints
{
    public static IEndpointRouteBuilder MapSupport(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/staff/tenants/{tenantId:guid}").RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        files.MapGet("/receipts/{purchaseId:guid}.pdf", ReadReceiptAsync);
        return routes.MapMetrics();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadReceiptAsync(
        Guid tenantId, Guid purchaseId, ReceiptReader receipts, CancellationToken cancellationToken) =>
        await receipts.FileAsync(tenantId, purchaseId, cancellationToken) is { } file
            ? TypedResults.File(file.Content, file.ContentType, file.Name)
            : Problems.NotFound("unknown_receipt", "The tenant has no settled payment of that id.");
}
