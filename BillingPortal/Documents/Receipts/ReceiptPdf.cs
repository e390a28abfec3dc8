using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Pdf;
using BillingPortal.Kernel;
using BillingPortal.Purchases;

namespace BillingPortal.Documents.Receipts;

/// <summary>A receipt on paper: who paid whom how much for what, the tax in it, and what went back since.</summary>
internal static class ReceiptPdf
{
    private static readonly PdfStyle Title = new(20, true, PdfInk.Black);
    private static readonly PdfStyle Part = new(11, true, PdfInk.Black);

    private static readonly PdfColumn[] Bought =
        [new("Description", 5), new("Quantity", 2, IsRight: true), new("Amount (USD)", 1.8, IsRight: true)];

    private static readonly PdfColumn[] Back =
    [
        new("Credit note", 2.4), new("Date", 2.1), new("Reason", 2.4), new("Tax (USD)", 1.3, IsRight: true),
        new("Amount (USD)", 1.6, IsRight: true),
    ];

    public static byte[] Write(IssuedReceipt issued)
    {
        var (receipt, purchase, credits) = issued;
        var last = credits.Count > 0 ? credits[^1].NotedAt : receipt.IssuedAt;
        var flow = new PdfFlow(new PdfDocument(
            new PdfInfo($"Receipt {receipt.Text}", receipt.Seller.Name, last), PaperSize.Of(receipt.Customer.Country)));
        flow.Paragraph("Receipt", Title);
        flow.Paragraph(
            $"{receipt.Text} · {DocumentText.Day(purchase.SettledAt!.Value)}",
            PdfStyle.Body with { Ink = PdfInk.Grey });
        flow.Skip(16);
        flow.Blocks(["From", .. receipt.Seller.Lines()], ["To", .. receipt.Customer.Lines()]);
        flow.Skip(16);
        flow.Facts(110, [.. Facts(receipt, purchase)]);
        flow.Skip(16);
        new PdfTable(flow, Bought).Write([.. BoughtRows(receipt, purchase)]);
        if (credits.Count > 0)
        {
            flow.Skip(8);
            flow.Heading("Credit notes", Part);
            new PdfTable(flow, Back).Write([.. CreditRows(issued)]);
        }

        flow.Footer(DocumentFoot.Of(receipt.Seller));
        return flow.Document.Save();
    }

    private static IEnumerable<(string, string)> Facts(Receipt receipt, Purchase purchase)
    {
        yield return ("Receipt number", receipt.Text);
        yield return ("Paid on", DocumentText.DayAndTime(purchase.SettledAt!.Value));
        yield return ("Paid with", PurchaseTexts.Card(purchase) ?? "card");
        yield return ("Payment reference", PurchaseTexts.ReceiptNumber(purchase));
        if (receipt.PurchaseOrder is { } order)
        {
            yield return ("Your reference", order);
        }
    }

    private static IEnumerable<PdfRow> BoughtRows(Receipt receipt, Purchase purchase)
    {
        var what = purchase.Unit is Unit.Credits ? "Credits" : "Wallet funds";
        var how = purchase.Kind is PurchaseKind.AutoRecharge ? $"{what}, by auto-recharge" : what;
        yield return PdfRow.Line(how, DocumentText.WithUnit(purchase.Credits), DocumentText.Cents(purchase.PriceCents));
        if (purchase.BonusE4 > 0)
        {
            yield return PdfRow.Line(
                "Bonus, free of charge", DocumentText.WithUnit(purchase.Bonus), DocumentText.Cents(0));
        }

        yield return PdfRow.Total("Total paid", "", DocumentText.Cents(purchase.PriceCents));
        if (receipt.TaxPercent > 0)
        {
            var tax = TaxPolicy.Contained(purchase.PriceCents, receipt.TaxPercent);
            var name = $"{receipt.TaxName} {DocumentText.Number(receipt.TaxPercent)}%";
            yield return PdfRow.Line($"Contains {name}", "", DocumentText.Cents(tax));
            yield return PdfRow.Line(
                $"Amount without {receipt.TaxName}", "", DocumentText.Cents(purchase.PriceCents - tax));
        }
    }

    private static IEnumerable<PdfRow> CreditRows(IssuedReceipt issued)
    {
        var (receipt, purchase, credits) = issued;
        var before = 0;
        foreach (var credit in credits)
        {
            var tax = TaxPolicy.Credited(purchase.PriceCents, before, credit.Cents, receipt.TaxPercent);
            before += credit.Cents;
            yield return PdfRow.Line(
                $"{receipt.Text}-C{credit.Ordinal}", DocumentText.Day(credit.NotedAt), ReasonOf(credit),
                DocumentText.Cents(-tax), DocumentText.Cents(-credit.Cents));
        }

        yield return PdfRow.Total("Remaining", "", "",
            DocumentText.Cents(TaxPolicy.Contained(purchase.PriceCents - before, receipt.TaxPercent)),
            DocumentText.Cents(purchase.PriceCents - before));
    }

    private static string ReasonOf(ReceiptCredit credit) => (credit.Reason, credit.Cents > 0) switch
    {
        (CreditReason.Refund, true) => "Refunded to the card",
        (CreditReason.Refund, false) => "Refund did not go through",
        (CreditReason.Dispute, true) => "Disputed, taken back by the bank",
        (CreditReason.Dispute, false) => "Dispute decided, paid again",
    };
}
