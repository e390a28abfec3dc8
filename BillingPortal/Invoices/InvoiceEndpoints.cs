using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Invoices;

/// <summary>Invoices over HTTP: the list, and each as a file.</summary>
internal static class InvoiceEndpoints
{
    private const int InvoicesMax = 100;

    public static IEndpointRouteBuilder MapInvoices(this IEndpointRouteBuilder routes)
    {
        var invoices = routes.MapGroup("/api/invoices").RequireAuthorization(Policies.TenantRead).WithTags("Invoices");
        invoices.MapGet("", ListAsync)
            .WithSummary("The invoices, youngest first; 100 at a time, before=<issuedAt of the last> leads on");
        invoices.MapGet("/{invoiceId:guid}.pdf", ReadAsync).WithSummary("An invoice as PDF");
        routes.MapGet("/api/staff/tenants/{tenantId:guid}/invoices/{invoiceId:guid}.pdf", ReadForStaffAsync)
            .RequireAuthorization(Policies.Staff).WithTags("Invoices").WithSummary("A tenant's invoice as PDF, for staff");
        return routes;
    }

    private static async Task<Ok<InvoicesAnswer>> ListAsync(
        [FromQuery] DateTimeOffset? before, CurrentTenant tenant, InvoiceReader invoices,
        CancellationToken cancellationToken)
    {
        var rows = await invoices.ListAsync(tenant.Id, InvoicesMax, before?.ToUniversalTime(), cancellationToken);
        return TypedResults.Ok(new InvoicesAnswer([.. rows.Select(InvoiceAnswer.Of)]));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadAsync(
        Guid invoiceId, CurrentTenant tenant, InvoiceReader invoices, CancellationToken cancellationToken) =>
        await invoices.FileAsync(tenant.Id, invoiceId, cancellationToken) is { } file
            ? TypedResults.File(file.Content, file.ContentType, file.Name)
            : Unknown;

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadForStaffAsync(
        Guid tenantId, Guid invoiceId, InvoiceReader invoices, CancellationToken cancellationToken) =>
        await invoices.FileAsync(tenantId, invoiceId, cancellationToken) is { } file
            ? TypedResults.File(file.Content, file.ContentType, file.Name)
            : Unknown;

    private static ProblemHttpResult Unknown =>
        Problems.NotFound("unknown_invoice", "There is no invoice of that id.");
}

/// <summary>The answer of <c>GET /api/invoices</c>.</summary>
internal sealed record InvoicesAnswer(IReadOnlyList<InvoiceAnswer> Invoices);

/// <summary>One invoice: <c>amount</c> in US dollars, <c>credits</c> in the unit bought.</summary>
internal sealed record InvoiceAnswer(
    Guid Id, string Number, string Status, decimal Amount, decimal Credits, decimal BonusCredits, string Unit,
    DateTimeOffset IssuedAt, DateOnly DueOn, DateTimeOffset? CreditedAt, DateTimeOffset? PaidAt, string Pdf)
{
    public static InvoiceAnswer Of(Invoice invoice) => new(
        invoice.Id, invoice.Text, invoice.State.ToString().ToLowerInvariant(), invoice.PriceCents / 100m, invoice.Credits.ToDecimal(),
        invoice.Bonus.ToDecimal(), invoice.Unit.ToCode(), invoice.IssuedAt, invoice.DueOn, invoice.CreditedAt,
        invoice.PaidAt, InvoiceTexts.PdfPath(invoice.Id));
}
