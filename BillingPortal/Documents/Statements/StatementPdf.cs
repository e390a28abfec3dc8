using BillingPortal.Documents.Pdf;
using BillingPortal.Kernel;

namespace BillingPortal.Documents.Statements;

/// <summary>A month on paper: from the opening to the closing balance, line by line.</summary>
internal static class StatementPdf
{
    private static readonly PdfStyle Title = new(20, true, PdfInk.Black);
    private static readonly PdfStyle Part = new(11, true, PdfInk.Black);

    public static byte[] Write(Statement statement)
    {
        var flow = new PdfFlow(new PdfDocument(
            new PdfInfo(
                $"Statement {statement.Period.Name}, {AccountOf(statement.Unit)}", statement.Seller.Name,
                statement.MadeAt),
            PaperSize.Of(statement.Customer.Country)));
        flow.Paragraph("Statement", Title);
        flow.Paragraph(
            $"{statement.Period.Name} · {AccountOf(statement.Unit)}{(statement.IsFinal ? "" : " · so far")}",
            PdfStyle.Body with { Ink = PdfInk.Grey });
        flow.Skip(16);
        flow.Blocks(["From", .. statement.Seller.Lines()], ["To", .. statement.Customer.Lines()]);
        flow.Skip(16);
        flow.Facts(110, [.. Facts(statement)]);
        flow.Skip(16);
        new PdfTable(flow, Columns(statement.Unit)).Write([.. Rows(statement)]);
        if (statement.Reserved is [var reserved, ..])
        {
            flow.Skip(8);
            flow.Heading(reserved.Group, Part, follows: 120);
            new PdfTable(flow, Columns(statement.Unit)).Write([.. ReservedRows(statement)]);
            flow.Paragraph(
                "It is reserved, still part of the closing balance, and a line of the statement of the month in which it "
                + "is settled.",
                PdfStyle.Small);
            flow.Skip(8);
        }

        if (statement.HasDebt)
        {
            flow.Skip(8);
            flow.Heading("What was owed", Part, follows: 120);
            new PdfTable(flow, [new("Debt", 8), new(AmountIn(statement.Unit), 1.9, IsRight: true)])
                .Write([.. DebtRows(statement)]);
        }

        flow.Footer(
            DocumentFoot.Of(statement.Seller),
            "Amounts are exact to four decimal places. Days are those of UTC; an entry belongs to the month in which "
            + "it was posted.");
        return flow.Document.Save();
    }

    public static string AccountOf(Unit unit) => unit switch
    {
        Unit.Credits => "Credits",
        Unit.Usd => "Wallet (USD)",
    };

    private static string AmountIn(Unit unit) => unit switch
    {
        Unit.Credits => "Credits",
        Unit.Usd => "Amount (USD)",
    };

    private static PdfColumn[] Columns(Unit unit) =>
    [
        new("Description", 3.2), new("Count", 1, IsRight: true), new("Quantity", 1.9, IsRight: true),
        new("Rate", 3.1), new(AmountIn(unit), 1.9, IsRight: true),
    ];

    private static IEnumerable<(string, string)> Facts(Statement statement)
    {
        var period = statement.Period;
        var last = statement.IsFinal ? period.End.AddTicks(-1) : statement.MadeAt;
        yield return ("Period", statement.IsFinal
            ? $"{DocumentText.Day(period.Start)} to {DocumentText.Day(last)}"
            : $"{DocumentText.Day(period.Start)} to {DocumentText.DayAndTime(last)}; the month is not over");
        yield return ("Entries", statement.HasEntries
            ? $"{DocumentText.Count(statement.AfterSeq + 1)} to {DocumentText.Count(statement.ThroughSeq)}"
            : "none");
        if (statement.PurchaseOrder is { } order)
        {
            yield return ("Your reference", order);
        }
    }

    private static IEnumerable<PdfRow> Rows(Statement statement)
    {
        var places = DocumentText.PlacesOf(
            [statement.Opening, statement.Closing, .. statement.Lines.Select(line => statement.Of(line.AmountE4))]);
        yield return Sum("Opening balance", statement.Opening, places);
        foreach (var section in statement.Lines.GroupBy(line => line.Group))
        {
            yield return PdfRow.Group(section.Key);
            foreach (var line in section)
            {
                yield return Row(line, statement.Of(line.AmountE4), places);
            }
        }

        yield return Sum("Closing balance", statement.Closing, places);
    }

    private static IEnumerable<PdfRow> ReservedRows(Statement statement)
    {
        var places = DocumentText.PlacesOf(
            [statement.ReservedSum, .. statement.Reserved.Select(line => statement.Of(line.AmountE4))]);
        foreach (var line in statement.Reserved)
        {
            yield return Row(line, statement.Of(-line.AmountE4), places);
        }

        yield return Sum("Reserved", statement.ReservedSum, places);
    }

    private static PdfRow Row(StatementLine line, Amount amount, int places) => PdfRow.Line(
        line.Text, DocumentText.Count(line.Events), QuantityOf(line), RateOf(line),
        DocumentText.Figure(amount, places));

    private static PdfRow Sum(string text, Amount amount, int places) =>
        PdfRow.Total(text, "", "", "", DocumentText.Figure(amount, places));

    // The text that was stored with the usage does not count.
    private static string RateOf(StatementLine line) =>
        line.Rate is { } rate && rate.StartsWith("1 credits ", StringComparison.Ordinal) ? $"1 credit {rate[10..]}"
            : line.Rate ?? "";

    private static string QuantityOf(StatementLine line) =>
        line.Quantity is { } quantity ? $"{DocumentText.Number(quantity)} {line.Measure}" : "";

    private static IEnumerable<PdfRow> DebtRows(Statement statement)
    {
        (string Text, Amount Amount)[] rows =
        [
            ("At the beginning", statement.Of(statement.DebtOpeningE4)), ("Added", statement.Of(statement.DebtIncurredE4)),
            ("Repaid by top-ups", statement.Of(-statement.DebtRepaidE4)),
        ];
        var places = DocumentText.PlacesOf(rows.Select(row => row.Amount));
        foreach (var (text, amount) in rows)
        {
            yield return PdfRow.Line(text, DocumentText.Figure(amount, places));
        }

        yield return PdfRow.Total("At the end", DocumentText.Figure(statement.DebtClosing, places));
    }
}
