using BillingPortal.Documents;
using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Pdf;
using BillingPortal.Kernel;

namespace BillingPortal.Invoices;

/// <summary>An invoice on paper: who owes whom how much for what until when, and how to pay it.</summary>
internal static class InvoicePdf
{
    private static readonly PdfStyle Title = new(20, true, PdfInk.Black);
    private static readonly PdfStyle Part = new(11, true, PdfInk.Black);

    private static readonly PdfColumn[] Bought =
        [new("Description", 5), new("Quantity", 2, IsRight: true), new("Amount (USD)", 1.8, IsRight: true)];

    public static byte[] Write(Invoice invoice, IReadOnlyList<string> bank)
    {
        var last = invoice.VoidedAt ?? invoice.PaidAt ?? invoice.IssuedAt;
        var flow = new PdfFlow(new PdfDocument(
            new PdfInfo($"Invoice {invoice.Text}", invoice.Seller.Name, last), PaperSize.Of(invoice.Customer.Country)));
        flow.Paragraph(invoice.State is InvoiceState.Void ? "Invoice (void)" : "Invoice", Title);
        flow.Paragraph(
            $"{invoice.Text} · {DocumentText.Day(invoice.IssuedAt)}", PdfStyle.Body with { Ink = PdfInk.Grey });
        flow.Skip(16);
        flow.Blocks(["From", .. invoice.Seller.Lines()], ["To", .. invoice.Customer.Lines()]);
        flow.Skip(16);
        flow.Facts(110, [.. Facts(invoice)]);
        flow.Skip(16);
        new PdfTable(flow, Bought).Write([.. Rows(invoice)]);
        flow.Skip(14);
        HowToPay(flow, invoice, bank);
        flow.Footer(DocumentFoot.Of(invoice.Seller));
        return flow.Document.Save();
    }

    private static IEnumerable<(string, string)> Facts(Invoice invoice)
    {
        yield return ("Invoice number", invoice.Text);
        yield return ("Issued on", DocumentText.Day(invoice.IssuedAt));
        yield return ("Due on", InvoiceTexts.Day(invoice.DueOn));
        if (invoice.PurchaseOrder is { } order)
        {
            yield return ("Your reference", order);
        }

        if (invoice.PaidAt is { } paidAt)
        {
            yield return ("Paid on", DocumentText.Day(paidAt));
        }

        if (invoice.VoidedAt is { } voidedAt)
        {
            yield return ("Void since", DocumentText.Day(voidedAt));
        }
    }

    private static IEnumerable<PdfRow> Rows(Invoice invoice)
    {
        var what = invoice.Unit is Unit.Credits ? "Credits" : "Wallet funds";
        yield return PdfRow.Line(
            invoice.Origin is InvoiceOrigin.AutoRecharge ? $"{what}, by auto-recharge" : what,
            DocumentText.WithUnit(invoice.Credits), DocumentText.Cents(invoice.PriceCents));
        if (invoice.BonusE4 > 0)
        {
            yield return PdfRow.Line("Bonus, free of charge", DocumentText.WithUnit(invoice.Bonus), DocumentText.Cents(0));
        }

        yield return PdfRow.Total(
            invoice.State switch
            {
                InvoiceState.Paid => "Total, paid",
                InvoiceState.Void => "Total, not owed",
                InvoiceState.Open or InvoiceState.Overdue => "Total due",
            }, "", DocumentText.Cents(invoice.PriceCents));
        if (invoice.TaxPercent > 0)
        {
            var tax = TaxPolicy.Contained(invoice.PriceCents, invoice.TaxPercent);
            yield return PdfRow.Line(
                $"Contains {invoice.TaxName} {DocumentText.Number(invoice.TaxPercent)}%", "", DocumentText.Cents(tax));
            yield return PdfRow.Line(
                $"Amount without {invoice.TaxName}", "", DocumentText.Cents(invoice.PriceCents - tax));
        }
    }

    private static void HowToPay(PdfFlow flow, Invoice invoice, IReadOnlyList<string> bank)
    {
        if (invoice.State is InvoiceState.Void)
        {
            flow.Paragraph("This invoice was taken back. Nothing is owed for it.", PdfStyle.Body);
            return;
        }

        if (invoice.State is InvoiceState.Paid)
        {
            flow.Paragraph("Paid. Thank you. The receipt is among your statements.", PdfStyle.Body);
            return;
        }

        flow.Heading("How to pay", Part);
        flow.Paragraph(
            bank is []
                ? "Please pay online: open this invoice in the portal, under Invoices."
                : $"Please transfer {DocumentText.Cents(invoice.PriceCents)} in US dollars with the reference {invoice.Text}, or pay "
                    + "online: open this invoice in the portal, under Invoices.",
            PdfStyle.Body);
        if (bank is [_, ..])
        {
            flow.Skip(6);
            flow.Facts(110, [.. bank.Select((line, place) => (place == 0 ? "Account" : "", line))]);
        }
    }
}
