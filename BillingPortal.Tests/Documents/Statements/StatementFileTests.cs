using System.Text;
using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Tests.Documents.Pdf;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>A month as PDF and as CSV, read back.</summary>
public sealed class StatementFileTests
{
    private static readonly DateTimeOffset ClosedAt = new(2026, 12, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void On_paper_it_goes_from_the_opening_to_the_closing_balance()
    {
        var reader = new PdfReader(StatementPdf.Write(November()));

        Assert.Equal(
            """
            Statement
            November 2026 · Credits
            From | To
            Portal GmbH | Acme Voice
            Hauptstraße 1
            10115 Berlin
            Germany
            VAT id DE123456789
            Period | 1 November 2026 to 30 November 2026
            Entries | 1,205 to 3,377
            Your reference | PO-7
            Description | Count | Quantity | Rate | Credits
            Opening balance | 120.5
            Top-ups
            Payments | 3 | 3,000.0
            Bonus | 1 | 20.0
            Usage
            Voice calls | 2,000 | 2,150.25 minutes | 25 credits per started minute | -2,500.0
            Usage that was reserved first
            SMS sent | 100 | 100 messages | 5 credits per message | -500.0
            Refunds
            Given back: SMS sent | 2 | 10.0
            Debt
            Debt repaid | 1 | -50.0
            Closing balance | 100.5
            What was owed
            Debt | Credits
            At the beginning | 20
            Added | 30
            Repaid by top-ups | -50
            At the end | 0
            Portal GmbH · Hauptstraße 1 · 10115 Berlin · Germany · VAT id DE123456789 · bills@portal.example | Page 1 of 1
            Amounts are exact to four decimal places. Days are those of UTC; an entry belongs to the month in which it was posted.
            """,
            reader.Text);
        Assert.Equal("Statement November 2026, Credits", reader.Info("Title"));
    }

    [Fact]
    public void In_a_spreadsheet_numbers_stay_numbers_and_texts_never_become_formulas()
    {
        var statement = November(new StatementLine(
            StatementSection.Usage, "=HYPERLINK(\"http://evil\")", "voice", 1, null, null, "@rate", 0));

        var lines = Encoding.UTF8.GetString(StatementCsv.Write(statement)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("month,unit,is_final,section,description,service,entries,quantity,quantity_unit,rate,amount", lines[0]);
        Assert.Equal("2026-11,credits,true,opening,Opening balance,,,,,,120.5", lines[1]);
        Assert.Contains(
            "2026-11,credits,true,usage,Voice calls,voice,2000,2150.25,minutes,25 credits per started minute,-2500", lines);
        Assert.Contains("2026-11,credits,true,closing,Closing balance,,,,,,100.5", lines);
        Assert.Contains("2026-11,credits,true,owed,Debt at the end,,,,,,0", lines);
        Assert.Contains(lines, line => line.Contains("'=HYPERLINK", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("'@rate", StringComparison.Ordinal));
        var sum = lines.Skip(1).Select(line => line.Split(',')).Where(fields => fields[3] is not ("closing" or "owed"))
            .Sum(fields => decimal.Parse(fields[^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(100.5m, sum);
    }

    [Fact]
    public async Task A_statement_can_be_looked_at_in_out_documents()
    {
        StatementLine[] many =
        [
            .. Enumerable.Range(1, 60).Select(index => new StatementLine(
                StatementSection.Usage, "Voice calls", "voice", index * 31, index * 17.25m, "minutes",
                $"$0.10 + $0.05{index:00} per minute", 0)),
        ];

        await Samples.KeepAsync("statement", StatementPdf.Write(November()));
        await Samples.KeepAsync("statement-long", StatementPdf.Write(November(many)));
    }

    [Theory]
    [InlineData("2026-11", 2026, 11)]
    [InlineData("2026-1", 0, 0)]
    [InlineData("2026-13", 0, 0)]
    [InlineData("0001-01", 0, 0)]
    [InlineData("november", 0, 0)]
    [InlineData("", 0, 0)]
    public void A_month_is_written_as_year_and_month(string text, int year, int month) =>
        Assert.Equal(year == 0 ? null : new StatementMonth(year, month), StatementMonth.Parse(text));

    private static Statement November(params StatementLine[] more)
    {
        StatementLine[] lines =
        [
            new(StatementSection.TopUps, "Payments", null, 3, null, null, null, 30_000_000),
            new(StatementSection.TopUps, "Bonus", null, 1, null, null, null, 200_000),
            new(
                StatementSection.Usage, "Voice calls", "voice", 2000, 2150.25m, "minutes", "25 credits per started minute",
                -25_000_000),
            .. more,
            new(
                StatementSection.Captures, "SMS sent", "sms_outbound", 100, 100, "messages", "5 credits per message",
                -5_000_000),
            new(StatementSection.Refunds, "Given back: SMS sent", "sms_outbound", 2, null, null, null, 100_000),
            new(StatementSection.Debt, "Debt repaid", null, 1, null, null, null, -500_000),
        ];
        return new Statement
        {
            Unit = Unit.Credits,
            Month = new DateOnly(2026, 11, 1),
            AfterSeq = 1204,
            ThroughSeq = 3377,
            OpeningE4 = 1_205_000,
            ChangeE4 = lines.Sum(line => line.AmountE4),
            ClosingE4 = 1_205_000 + lines.Sum(line => line.AmountE4),
            DebtOpeningE4 = 200_000,
            DebtIncurredE4 = 300_000,
            DebtRepaidE4 = 500_000,
            Lines = lines,
            Seller = PaidBooks.Seller.ToParty(),
            Customer = new Party("Acme Voice", [], null, null),
            PurchaseOrder = "PO-7",
            MadeAt = ClosedAt,
        };
    }
}
