using System.Text;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tests.Documents.Pdf;
using BillingPortal.Tests.Settlement;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>A month that is settled on the 1st: told where it was used, booked where it was settled, to the last digit.</summary>
public sealed class StatementSettlementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2031, 10, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly SettlementWorld _world = new(postgres, Start);

    // October: two calls of 0.375, three messages, two fax pages and a rent of 1.00. One more page is reported late.
    [Fact]
    public async Task A_settlement_is_broken_down_by_service_and_rate_in_the_month_it_is_booked_in()
    {
        MoveTo(Start);
        var tenant = await _world.TenantAsync(usd: 100);
        await _world.UseAsync(tenant, "voice", 5.5m, at: Start);
        await _world.UseAsync(tenant, "voice", 5.5m, at: Start);
        await _world.UseAsync(tenant, "sms_outbound", 3, at: Start);
        await _world.UseAsync(tenant, "fax", 2, at: Start);
        await tenant.Ledger.PostAsync(tenant.Posting(LedgerOperation.Debit, Amount.Usd(1)) with
        {
            Kind = EntryKind.Rent,
            Service = "number_monthly",
        });
        MoveTo(new(2031, 11, 1, 2, 0, 0, TimeSpan.Zero));
        await _world.Settlement.RunAsync();
        MoveTo(new(2031, 11, 1, 3, 0, 0, TimeSpan.Zero));
        var october = await FindAsync(tenant, new(2031, 10));
        MoveTo(new(2031, 11, 2, 9, 0, 0, TimeSpan.Zero));
        await _world.UseAsync(tenant, "fax", 1, at: Start);
        var november = await FindAsync(tenant, new(2031, 11));

        string[] used =
        [
            "Fax|1|2 pages|$0.15 per page|-0.3", "SMS sent|1|3 messages|$0.02 per message|-0.06",
            "Voice calls|2|11 minutes|$0.10 + $0.05 per minute|-0.75",
        ];
        Assert.Equal(["Payments|1|||100", "Number rent|1|1 number|$1.00 per number|-1"], october.Lines.Select(Text));
        Assert.Equal(used, october.Reserved.Select(Text));
        Assert.Equal((true, Amount.Usd(99), Amount.Usd(1.11m)), (october.IsFinal, october.Closing, october.ReservedSum));
        Assert.Equal(used, november.Lines.Select(Text));
        Assert.All(november.Lines, line => Assert.Equal("Usage of October 2031, settled on 1 November 2031", line.Group));
        Assert.Equal(
            (Amount.Usd(99), Amount.Usd(-1.11m), Amount.Usd(97.89m)), (november.Opening, november.Used, november.Closing));
        var late = Assert.Single(november.Reserved);
        Assert.Equal(
            ("Fax, 1 of earlier months|1|1 page|$0.15 per page|-0.15", "Usage of November 2031, settled on 1 December 2031"),
            (Text(late), late.Group));
        Assert.Equal(used, (await FindAsync(tenant, new(2031, 10))).Reserved.Select(Text)); // as it was stored
        await LookAsync(october, november);
    }

    // What a tenant leaves the wallet plan with is settled early; what follows is reserved with the month after.
    [Fact]
    public async Task A_month_that_was_closed_early_is_settled_and_told_in_one_statement()
    {
        MoveTo(new(2032, 1, 5, 9, 0, 0, TimeSpan.Zero));
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "fax", 2);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            await _world.Settlement.SettleAsync(
                unit, tenant.Id, BillingMonth.Of(_world.Clock.GetUtcNow()), SettlementReason.PlanChange);
            await unit.CommitAsync();
        }

        await _world.UseAsync(tenant, "fax", 4);

        var january = await FindAsync(tenant, new(2032, 1));
        Assert.Equal(
            ["Payments", "Usage of January 2032, settled on 5 January 2032"],
            january.Lines.Select(line => line.Heading ?? line.Text));
        Assert.Equal(
            ("Usage of February 2032, settled on 1 March 2032", Amount.Usd(0.6m), Amount.Usd(9.7m)),
            (january.Reserved[0].Group, january.ReservedSum, january.Closing));
    }

    // Half a year of random usage, late reports and top-ups: whatever is drawn up and when, all of it ties.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_half_years_tie_month_by_month_and_settlement_by_settlement(int seed)
    {
        MoveTo(new DateTimeOffset(2033 + seed, 1, 10, 9, 0, 0, TimeSpan.Zero));
        var random = new Random(seed);
        var tenant = await _world.TenantAsync(usd: 50);
        for (var day = 0; day < 180; day++)
        {
            MoveTo(_world.Clock.GetUtcNow().AddHours(24));
            var service = new[] { "voice", "fax", "email", "sms_inbound" }[random.Next(4)];
            var at = _world.Clock.GetUtcNow().AddDays(-random.Next(random.Next(5) == 0 ? 40 : 1));
            await _world.UseAsync(tenant, service, random.Next(1, 9), at: at);
            await _world.Settlement.RunAsync();
            if (random.Next(20) == 0)
            {
                await tenant.CreditAsync(random.Next(1, 5), unit: Unit.Usd);
                await FindAsync(tenant, StatementMonth.Of(_world.Clock.GetUtcNow()));
            }
        }

        var statements = (await postgres.Statements().ListAsync(tenant.Id, Unit.Usd, most: 50)).Reverse().ToList();
        var billings = await _world.BillingsAsync(tenant);
        Assert.Equal(
            billings.Select(billing => -billing.AmountE4),
            statements.Select(month => month.Lines.Where(line => line.Heading is not null).Sum(line => line.AmountE4))
                .Where(sum => sum != 0));
        Assert.Equal(
            billings.Select(billing => billing.AmountE4),
            statements.SkipLast(1).Select(month => month.ReservedSum.E4));
        foreach (var (old, young) in statements.Zip(statements.Skip(1)))
        {
            Assert.Equal(old.ClosingE4, young.OpeningE4);
            Assert.Equal(young.ClosingE4, young.OpeningE4 + young.Lines.Sum(line => line.AmountE4));
        }

        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((balance.Posted, balance.Held), (statements[^1].Closing, statements[^1].ReservedSum));
    }

    private async Task<Statement> FindAsync(TestTenant tenant, StatementMonth month) =>
        (await postgres.Statements().FindAsync(tenant.Id, Unit.Usd, month))!;

    private void MoveTo(DateTimeOffset at)
    {
        _world.Clock.MoveTo(at);
        postgres.Clock.MoveTo(at);
    }

    private static string Text(StatementLine line)
    {
        var quantity = line.Quantity is { } much ? $"{much:0.####} {line.Measure}" : "";
        return $"{line.Text}|{line.Events}|{quantity}|{line.Rate}|{line.AmountE4 / 10_000m:0.####}";
    }

    // Kept to be looked at; on paper and in a spreadsheet nothing of it is lost.
    private static async Task LookAsync(Statement october, Statement november)
    {
        await Samples.KeepAsync("statement-reserved", StatementPdf.Write(october));
        await Samples.KeepAsync("statement-settled", StatementPdf.Write(november));
        var paper = new PdfReader(StatementPdf.Write(november)).Text;
        Assert.Contains("Usage of October 2031, settled on 1 November 2031", paper, StringComparison.Ordinal);
        Assert.Contains("Voice calls | 2 | 11 minutes | $0.10 + $0.05 per minute | -$0.75", paper, StringComparison.Ordinal);
        var file = Encoding.UTF8.GetString(StatementCsv.Write(november));
        Assert.Contains(
            "\"Usage of October 2031, settled on 1 November 2031: Voice calls\",voice,2,11,minutes,$0.10 + $0.05 per minute,-0.75",
            file, StringComparison.Ordinal);
        Assert.Contains("2031-11,usd,false,reserved,", file, StringComparison.Ordinal);
    }
}
