using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

public sealed class TransactionReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Berlin = "Europe/Berlin";
    private static readonly string?[] Services = ["voice", "sms_outbound", "email", null];
    private static readonly EntryKind[] Kinds = [EntryKind.Usage, EntryKind.Purchase, EntryKind.Refund,
        EntryKind.HoldCapture];

    private EntryDays Days => new(postgres.Database);

    private TransactionReader Transactions => new(postgres.Database, Days);

    // 3,000 entries of 40 days, a tenth of them late by up to two weeks, written in three goes with reads in between;
    // 60 random filters.
    [Fact]
    public async Task Any_filter_gives_what_looking_at_every_entry_gives()
    {
        var random = new Random(20261120);
        var tenant = await postgres.TenantWithAsync();
        var all = new List<Line>();
        for (var batch = 0; batch < 3; batch++)
        {
            all.AddRange(await TestBooks.WriteAsync(postgres.Connections, tenant.Id, Unit.Credits, RandomLines(random, batch)));
            for (var n = 0; n < 20; n++)
            {
                var filter = RandomFilter(random);
                var expected = all.Where(line => Matches(line, filter)).Select(line => line.Seq).Reverse().ToList();

                Assert.Equal(expected, await AllPagesAsync(tenant.Id, filter, limit: random.Next(20, 200)));

                var totals = await Transactions.TotalsAsync(tenant.Id, Berlin, filter);
                Assert.Equal(expected.Count, totals.Count);
                Assert.Equal(all.Where(line => Matches(line, filter)).Sum(line => line.Amount.E4), totals.Net.E4);
                Assert.True(totals.IsComplete);
            }
        }
    }

    [Fact]
    public async Task Each_row_shows_the_balance_before_and_after_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await tenant.DebitAsync(25);
        await tenant.CreditAsync(10);

        var page = await Transactions.PageAsync(tenant.Id, Berlin, TransactionFilter.All(Unit.Credits), before: null,
            limit: 10);

        Assert.Equal(
            [(75m, 85m), (100m, 75m), (0m, 100m)],
            page.Rows.Select(row => (row.BalanceBefore.ToDecimal(), row.BalanceAfter.ToDecimal())));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task New_entries_do_not_move_the_pages_behind_a_cursor()
    {
        var tenant = await postgres.TenantWithAsync(credits: 1000);
        for (var n = 0; n < 5; n++)
        {
            await tenant.DebitAsync(1);
        }

        var first = await Transactions.PageAsync(tenant.Id, Berlin, TransactionFilter.All(Unit.Credits), before: null,
            limit: 2);
        await tenant.DebitAsync(1);
        var second = await Transactions.PageAsync(tenant.Id, Berlin, TransactionFilter.All(Unit.Credits), first.Next,
            limit: 2);

        Assert.Equal([6L, 5L], first.Rows.Select(row => row.Seq));
        Assert.Equal([4L, 3L], second.Rows.Select(row => row.Seq));
    }

    [Theory]
    [InlineData("50%", "a 50% call")]
    [InlineData("a_b", "call a_b")]
    [InlineData(@"\x", @"path \x")]
    [InlineData("CALL A", "call a_b")]
    public async Task What_a_person_types_is_text_and_not_a_pattern(string typed, string found)
    {
        var tenant = await postgres.TenantWithAsync();
        string[] references = ["a 50% call", "a 505 call", "call a_b", "call axb", @"path \x", "path x"];
        await TestBooks.WriteAsync(
            postgres.Connections, tenant.Id, Unit.Credits, [.. references.Select(text => NewLine(5, reference: text))]);

        var page = await Transactions.PageAsync(
            tenant.Id, Berlin, TransactionFilter.All(Unit.Credits) with { Text = typed }, before: null, limit: 10);

        Assert.Contains(found, page.Rows.Select(row => row.Reference));
        Assert.All(page.Rows, row => Assert.Contains(typed, row.Reference!, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_tenant_sees_no_other_tenants_entries()
    {
        var (mine, theirs) = (await postgres.TenantWithAsync(credits: 5), await postgres.TenantWithAsync(credits: 7));

        var page = await Transactions.PageAsync(mine.Id, Berlin, TransactionFilter.All(Unit.Credits), before: null,
            limit: 10);
        await using var work = await postgres.Database.BeginAsync(mine.Id);
        var stolen = await Days.ReadAsync(work, theirs.Id, Unit.Credits, Berlin, from: null, to: null);

        Assert.Equal(Amount.Credits(5), Assert.Single(page.Rows).Amount);
        Assert.Empty(stolen);
    }

    // 5,000 entries in books that eight readers fold at the same time: every entry is counted once.
    [Fact]
    public async Task Racing_readers_fold_every_entry_once()
    {
        var tenant = await postgres.TenantWithAsync();
        await TestBooks.WriteAsync(
            postgres.Connections, tenant.Id, Unit.Credits, [.. Enumerable.Range(0, 5_000).Select(_ => NewLine(1))]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Days.FoldAsync(tenant.Id, Unit.Credits, Berlin)));

        await using var work = await postgres.Database.BeginAsync(tenant.Id);
        var days = await Days.ReadAsync(work, tenant.Id, Unit.Credits, Berlin, from: null, to: null);
        Assert.Equal(5_000, days.Sum(day => day.Entries));
        Assert.Equal(Amount.Credits(5_000).E4, days.Sum(day => day.InE4));
    }

    [Fact]
    public async Task Another_time_zone_of_the_tenant_gives_other_days()
    {
        var tenant = await postgres.TenantWithAsync();
        var lateEvening = new DateTimeOffset(2026, 11, 19, 23, 30, 0, TimeSpan.Zero);
        await TestBooks.WriteAsync(
            postgres.Connections,
            tenant.Id, Unit.Credits, [.. Enumerable.Range(0,
            2_000).Select(_ => new Line(lateEvening, Amount.Credits(1)))]);

        Assert.Equal(new DateOnly(2026, 11, 20), await OnlyDayAsync(tenant.Id, Berlin));
        Assert.Equal(new DateOnly(2026, 11, 19), await OnlyDayAsync(tenant.Id, "UTC"));
    }

    private async Task<DateOnly> OnlyDayAsync(Guid tenantId, string zone)
    {
        await Days.FoldAsync(tenantId, Unit.Credits, zone);
        await using var work = await postgres.Database.BeginAsync(tenantId);
        var day = Assert.Single(await Days.ReadAsync(work, tenantId, Unit.Credits, zone, from: null, to: null));
        Assert.Equal(2_000, day.Entries);
        return day.Day;
    }

    private async Task<List<long>> AllPagesAsync(Guid tenantId, TransactionFilter filter, int limit)
    {
        var seen = new List<long>();
        TransactionCursor? next = null;
        do
        {
            var page = await Transactions.PageAsync(tenantId, Berlin, filter, next, limit);
            seen.AddRange(page.Rows.Select(row => row.Seq));
            next = page.Next;
        }
        while (next is not null);

        return seen;
    }

    private Line NewLine(decimal amount, string? reference = null) =>
        new(postgres.Clock.GetUtcNow(), Amount.Credits(amount), Reference: reference);

    private List<Line> RandomLines(Random random, int batch)
    {
        var start = postgres.Clock.GetUtcNow().AddDays(-40 + (batch * 13));
        return [.. Enumerable.Range(0, 1_000).Select(n => new Line(
            start.AddMinutes((n * 18) - (random.Next(10) == 0 ? random.Next(20_000) : 0)),
            Amount.Credits(n == 0 ? 5_000 : random.Next(1, 5)) * (n % 3 == 1 ? -1 : 1),
            Kinds[random.Next(100) switch { < 90 => 0, < 92 => 1, < 95 => 2, _ => 3 }],
            Services[random.Next(Services.Length)], $"call-{random.Next(50)}"))];
    }

    private TransactionFilter RandomFilter(Random random)
    {
        var now = postgres.Clock.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Berlin);
        var filter = TransactionFilter.All(Unit.Credits);
        var (from, to) = (random.Next(-45, 5), random.Next(-45, 5));
        return (random.Next(4) switch
        {
            0 => filter with
            {
                From = now.AddDays(Math.Min(from, to)),
                To = now.AddDays(Math.Max(from, to)).AddHours(3)
            },
            1 => filter with { From = LocalDays.StartOf(LocalDays.Of(now, zone).AddDays(from), zone) },
            2 => filter with { To = LocalDays.StartOf(LocalDays.Of(now, zone).AddDays(to), zone) },
            _ => filter,
        }) with
        {
            Kinds = random.Next(2) == 0 ? [] : [Kinds[random.Next(4)], Kinds[random.Next(4)]],
            Service = random.Next(2) == 0 ? null : Services[random.Next(3)],
            Text = random.Next(3) == 0 ? $"L-{random.Next(50)}" : null,
        };
    }

    private static bool Matches(Line line, TransactionFilter filter) =>
        (filter.From is not { } from || line.At >= from)
        && (filter.To is not { } to || line.At < to)
        && (filter.Kinds.Count == 0 || filter.Kinds.Contains(line.Kind))
        && (filter.Service is null || filter.Service == line.Service)
        && (filter.Text is null || line.Reference!.Contains(filter.Text, StringComparison.OrdinalIgnoreCase));
}
