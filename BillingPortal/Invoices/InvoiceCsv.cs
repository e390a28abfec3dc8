using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Invoices;

/// <summary>The invoices as a file: amounts in US dollars, credits in the unit bought.</summary>
internal static class InvoiceCsv
{
    public const string Path = "/api/invoices.csv";

    private static readonly string[] Columns =
    [
        "id", "number", "issued_at", "due_on", "state", "amount", "currency", "credits", "bonus", "unit", "origin",
        "purchase_order", "credited_at", "paid_at", "transfer_reference", "voided_at", "void_reason",
    ];

    public static readonly string Example = string.Join(',', Columns) + "\n"
        + "01a1faeb-f3ae-7284-9b01-a02dbd66acd2,INV-2026-000001,2026-11-20T21:45:30.000Z,2026-12-04,open,6.5,usd,250,0,credits,"
        + "buyer,,,,,,\n";

    public static PushStreamHttpResult Of(HttpResponse response, IReadOnlyList<Invoice> invoices) =>
        CsvList.Of(response, "invoices.csv", Columns, invoices, invoice =>
        [
            invoice.Id, invoice.Text, invoice.IssuedAt, invoice.DueOn, TextCodes.Of(invoice.State), invoice.PriceCents / 100m,
            "usd", invoice.Credits.ToDecimal(), invoice.Bonus.ToDecimal(), invoice.Unit.ToCode(), TextCodes.Of(invoice.Origin),
            invoice.PurchaseOrder, invoice.CreditedAt, invoice.PaidAt, invoice.TransferReference, invoice.VoidedAt,
            invoice.VoidReason,
        ]);
}
