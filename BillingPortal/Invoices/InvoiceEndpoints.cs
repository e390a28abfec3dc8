using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Invoices;

/// <summary>Invoices over HTTP: the list, the list as a file, and each as a file.</summary>
internal static class InvoiceEndpoints
{
    public static IEndpointRouteBuilder MapInvoices(this IEndpointRouteBuilder routes)
    {
        var invoices = routes.MapGroup("/api/invoices").RequireAuthorization(Policies.TenantRead).WithTags("Invoices");
        invoices.MapGet("", ListAsync)
            .WithSummary("The invoices, youngest first").WithExample("The invoices", InvoiceExamples.List, at: "/api/invoices?limit=10");
        invoices.MapGet("/{invoiceId:guid}.pdf", ReadAsync).WithSummary("An invoice as PDF").Produces(200, contentType: ApiExample.Pdf)
            .WithExample("The file", "%PDF-1.7", at: "/api/invoices/$INVOICE_ID.pdf", type: ApiExample.Pdf).WithProblems("unknown_invoice");
        routes.MapGet(InvoiceCsv.Path, ExportAsync).RequireAuthorization(Policies.TenantRead).WithTags("Invoices")
            .WithCsvList("All invoices as a CSV file", InvoiceCsv.Example);
        routes.MapGet("/api/staff/tenants/{tenantId:guid}/invoices/{invoiceId:guid}.pdf", ReadForStaffAsync)
            .RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<Ok<InvoicesAnswer>, ProblemHttpResult>> ListAsync(
        [FromQuery] DateTimeOffset? before, [FromQuery] string? cursor, [FromQuery] string? limit, CurrentTenant tenant,
        InvoiceReader invoices, CancellationToken cancellationToken)
    {
        var after = string.IsNullOrWhiteSpace(cursor) ? null : InvoiceCursor.Parse(cursor);
        if (after is null && !string.IsNullOrWhiteSpace(cursor))
        {
            return Paging.InvalidCursor;
        }

        if (Paging.LimitOf(limit) is not { } most)
        {
            return Paging.InvalidLimit;
        }

        var rows = await invoices.PageAsync(tenant.Id, most + 1, before?.ToUniversalTime(), after, cancellationToken);
        return TypedResults.Ok(new InvoicesAnswer(
            [.. rows.Take(most).Select(InvoiceAnswer.Of)],
            rows.Count > most ? InvoiceCursor.Of(rows[most - 1]).ToString() : null));
    }

    private static async Task<PushStreamHttpResult> ExportAsync(
        HttpResponse response, CurrentTenant tenant, InvoiceReader invoices, CancellationToken cancellationToken) =>
        InvoiceCsv.Of(
            response, await invoices.ListAsync(tenant.Id, CsvList.RowsRead, cancellationToken: cancellationToken));

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
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next older page; null at the end.</param>
internal sealed record InvoicesAnswer(IReadOnlyList<InvoiceAnswer> Invoices, string? NextCursor);

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
