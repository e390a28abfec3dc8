using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>Statements of books that nobody thought up: every month ties to the ledger, to the last digit.</summary>
public sealed class StatementBooksTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly string?[] Services = ["voice", "sms_outbound", "email", "number_monthly", null];

    // 400 random postings over some five months and both accounts, debts included, against the entries themselves.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_books_tie_to_the_ledger_month_by_month(int seed)
    {
        var tenantId = await postgres.TenantRowAsync();
        await LiveAsync(new TestTenant(postgres, postgres.LedgerWriter, tenantId), new Random(seed));

        foreach (var account in Enum.GetValues<Unit>())
        {
            var entries = await EntriesAsync(tenantId, account);
            var debts = await DebtsAsync(tenantId, account);
            var statements = await postgres.Statements().ListAsync(tenantId, account, most: 50);

            Assert.Equal(MonthsOf(entries).Count(), statements.Count);
            Assert.Equal(entries.Sum(entry => entry.AmountE4), statements[0].ClosingE4);
            Assert.Equal(debts.Sum(entry => entry.AmountE4), statements[0].DebtClosing.E4);
            Assert.Equal(0, statements[^1].OpeningE4);
            foreach (var (young, old) in statements.Zip(statements.Skip(1)))
            {
                Assert.Equal(
                    (old.ClosingE4, old.DebtClosing.E4, old.ThroughSeq), (young.OpeningE4, young.DebtOpeningE4, young.AfterSeq));
            }

            foreach (var statement in statements)
            {
                AssertTies(statement, [.. entries.Where(entry => StatementMonth.Of(entry.PostedAt) == statement.Period)]);
            }
        }
    }

    // Two writers whose clocks differ: numbers and times are out of order around midnight, and nothing is lost or
    // doubled.
    [Fact]
    public async Task Entries_out_of_order_around_the_end_of_a_month_belong_to_exactly_one()
    {
        var tenantId = await postgres.TenantRowAsync();
        var midnight = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
        var random = new Random(7);
        await Wallet.TestBooks.WriteAsync(postgres.Connections, tenantId, Unit.Credits,
        [
            new Wallet.Line(midnight.AddDays(-20), Amount.Credits(100_000), EntryKind.Purchase, Service: null),
            .. Enumerable.Range(-400, 800).Select(index => new Wallet.Line(
                midnight.AddSeconds(index + random.Next(-60, 60)), Amount.Credits(-1), Service: "email")),
        ]);

        var statements = await postgres.Statements().ListAsync(tenantId, Unit.Credits, most: 50);

        Assert.Equal(801, statements.Sum(statement => statement.Lines.Sum(line => line.Events)));
        Assert.Equal(Amount.Credits(99_200), statements[0].Closing);
        var september = statements.Single(statement => statement.Period == new StatementMonth(2026, 9));
        Assert.Equal(Amount.Credits(100_000) + september.Used, september.Closing);
        Assert.InRange(september.ThroughSeq, 401 - 60, 401 + 60);
    }

    private async Task LiveAsync(TestTenant tenant, Random random)
    {
        var holds = new List<(Guid Id, Unit Unit)>();
        for (var step = 0; step < 400; step++)
        {
            postgres.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 1_000)));
            var unit = random.Next(3) == 0 ? Unit.Usd : Unit.Credits;
            var amount = new Amount(random.NextInt64(1, 2_000_000), unit);
            switch (random.Next(10))
            {
                case 0:
                    await PostAsync(tenant, LedgerOperation.Credit, amount * 5, EntryKind.Purchase, service: null);
                    break;
                case 1:
                    var given = Pick(random, EntryKind.Bonus, EntryKind.Refund);
                    await PostAsync(tenant, LedgerOperation.Credit, amount, given, Services[random.Next(5)]);
                    break;
                case 2:
                    var back = Pick(random, EntryKind.Refund, EntryKind.Dispute);
                    await PostAsync(tenant, LedgerOperation.ClawBack, amount * 3, back, service: null);
                    break;
                case 3:
                    var taken = Pick(random, EntryKind.Adjustment, EntryKind.Expiry);
                    await PostAsync(tenant, LedgerOperation.Debit, amount, taken, service: null);
                    break;
                case 4:
                    if (await tenant.HoldAsync(amount.ToDecimal(), unit: unit)
                        is { Outcome: PostOutcome.Posted, HoldId: { } hold })
                    {
                        holds.Add((hold, unit));
                    }

                    break;
                case 5 when holds.Count > 0:
                    await tenant.CaptureAsync(holds[^1].Id, amount.ToDecimal(), unit: holds[^1].Unit);
                    holds.RemoveAt(holds.Count - 1);
                    break;
                default:
                    var used = Pick(random, EntryKind.Usage, EntryKind.Rent);
                    await PostAsync(tenant, LedgerOperation.Debit, amount, used, Services[random.Next(5)]);
                    break;
            }
        }
    }

    private static EntryKind Pick(Random random, EntryKind one, EntryKind other) => random.Next(2) == 0 ? one : other;

    private static Task<PostResult> PostAsync(
        TestTenant tenant, LedgerOperation operation, Amount amount, EntryKind kind, string? service) =>
        tenant.Ledger.PostAsync(tenant.Posting(operation, amount) with { Kind = kind, Service = service });

    private static void AssertTies(Statement statement, List<Entry> entries)
    {
        Assert.Equal(statement.ClosingE4 - statement.OpeningE4, statement.Lines.Sum(line => line.AmountE4));
        Assert.Equal(entries.Sum(entry => entry.AmountE4), statement.ChangeE4);
        Assert.Equal(entries.Count, statement.Lines.Sum(line => line.Events));
        Assert.Equal(statement.ThroughSeq - statement.AfterSeq, entries.Count);
        Assert.Equal(
            entries.GroupBy(entry => StatementLines.SectionOf(entry.Kind)).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Sum(entry => entry.AmountE4))),
            statement.Lines.GroupBy(line => line.Section).Select(group => (group.Key, group.Sum(line => line.AmountE4))));
        Assert.Equal(statement.Closing - statement.Opening, statement.TopUps + statement.Used + statement.Other);
    }

    // A month in between without an entry has a statement too.
    private IEnumerable<StatementMonth> MonthsOf(List<Entry> entries)
    {
        var running = StatementMonth.Of(postgres.Clock.GetUtcNow());
        for (var month = StatementMonth.Of(entries[0].PostedAt); month <= running; month = month.Next)
        {
            yield return month;
        }
    }

    private async Task<List<Entry>> EntriesAsync(Guid tenantId, Unit account)
    {
        await using var unit = await postgres.Database.BeginAsync(tenantId);
        return await unit.Db.Set<Entry>().AsNoTracking().Where(entry => entry.TenantId == tenantId && entry.Unit == account)
            .OrderBy(entry => entry.Seq).ToListAsync();
    }

    private async Task<List<DebtEntry>> DebtsAsync(Guid tenantId, Unit account)
    {
        await using var unit = await postgres.Database.BeginAsync(tenantId);
        return await unit.Db.Set<DebtEntry>().AsNoTracking().Where(entry => entry.TenantId == tenantId && entry.Unit == account)
            .ToListAsync();
    }
}
