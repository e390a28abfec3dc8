using System.Globalization;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;

namespace BillingPortal.Documents.Statements;

/// <summary>
/// A month for a spreadsheet: one row per line, the opening first and the closing last. What follows the closing (section
/// reserved, owed) is no part of the sum. Texts cannot become formulas.
/// </summary>
internal static class StatementCsv
{
    private static readonly string[] Columns =
    [
        "month", "unit", "is_final", "section", "description", "service", "entries", "quantity", "quantity_unit",
        "rate", "amount",
    ];

    public static byte[] Write(Statement statement)
    {
        using var file = new MemoryStream();
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using (var text = new StreamWriter(file, encoding, leaveOpen: true))
        using (var csv = new SafeCsvWriter(text))
        {
            Row(csv, Columns);
            Row(csv, statement, "opening", "Opening balance", null, statement.Opening);
            foreach (var line in statement.Lines)
            {
                Row(csv, statement, TextCodes.Of(line.Section), TextOf(line), line, statement.Of(line.AmountE4));
            }

            Row(csv, statement, "closing", "Closing balance", null, statement.Closing);
            foreach (var line in statement.Reserved)
            {
                Row(csv, statement, "reserved", TextOf(line), line, statement.Of(-line.AmountE4));
            }

            foreach (var (name, e4) in Debt(statement))
            {
                Row(csv, statement, "owed", name, null, statement.Of(e4));
            }
        }

        return file.ToArray();
    }

    private static string TextOf(StatementLine line) => line.Heading is { } heading ? $"{heading}: {line.Text}" : line.Text;

    private static IEnumerable<(string, long)> Debt(Statement statement) => statement.HasDebt
        ?
        [
            ("Debt at the beginning", statement.DebtOpeningE4), ("Debt added", statement.DebtIncurredE4),
            ("Debt repaid", -statement.DebtRepaidE4), ("Debt at the end", statement.DebtClosing.E4),
        ]
        : [];

    private static void Row(
        SafeCsvWriter csv, Statement statement, string section, string text, StatementLine? line, Amount amount) =>
        Row(csv,
        [
            statement.Period.ToString(), statement.Unit.ToCode(), statement.IsFinal ? "true" : "false", section, text,
            line?.Service ?? "", Number(line?.Events), Number(line?.Quantity), line?.Measure ?? "", line?.Rate ?? "",
            Number(amount.ToDecimal()),
        ]);

    private static void Row(SafeCsvWriter csv, IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
    }

    private static string Number(decimal? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
