using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>Entries by page and filter, and the reporting views.</summary>
public sealed class ReadingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private EntryReader Entries => new(postgres.Database);

    [Fact]
    public async Task Entries_come_newest_first_page_by_page()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        for (var i = 0; i < 5; i++)
        {
            await tenant.DebitAsync(1);
        }

        var query = new EntryQuery { TenantId = tenant.Id, Unit = Unit.Credits };
        var first = await Entries.ReadAsync(query, limit: 4);
        var last = await Entries.ReadAsync(query, first.Next, limit: 4);

        Assert.Equal([6, 5, 4, 3], first.Entries.Select(entry => entry.Seq));
        Assert.Equal([2, 1], last.Entries.Select(entry => entry.Seq));
        Assert.Null(last.Next);
        Assert.Equal(6, await Entries.StreamAsync(query).CountAsync());
    }

    [Fact]
    public async Task Filters_and_totals_agree()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var start = postgres.Clock.GetUtcNow();
        await tenant.Ledger.PostAsync([
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(5)) with { Service = "sms_outbound", Reference = "SM_100%" },
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(25)) with { Service = "voice", Reference = "CA7" },
            tenant.Posting(LedgerOperation.Credit, Amount.Credits(20)) with { Kind = EntryKind.Bonus, OccurredAt = start.AddDays(-3) },
        ]);
        var all = new EntryQuery { TenantId = tenant.Id, Unit = Unit.Credits };

        Assert.Equal(new EntryTotals(4, Amount.Credits(120), Amount.Credits(30)), await Entries.TotalsAsync(all));
        Assert.Equal("CA7", Assert.Single((await Entries.ReadAsync(all with { Service = "voice" })).Entries).Reference);
        Assert.Single((await Entries.ReadAsync(all with { Text = "sm_100%" })).Entries);
        Assert.Empty((await Entries.ReadAsync(all with { Text = "sm%7" })).Entries);
        Assert.Single((await Entries.ReadAsync(all with { Kinds = [EntryKind.Bonus] })).Entries);
        Assert.Single((await Entries.ReadAsync(all with { To = start })).Entries);
        Assert.Equal(3, (await Entries.ReadAsync(all with { From = start })).Entries.Count);
    }

    [Fact]
    public async Task The_reporting_views_show_a_tenant_its_own_amounts_as_decimals()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100.5m);
        await postgres.TenantWithAsync(credits: 9);
        await tenant.Ledger.PostAsync(
            tenant.Posting(LedgerOperation.Credit, Amount.Credits(250)) with { Note = "Auto-recharge: 250 credits" });
        await using var work = await postgres.Database.BeginAsync(tenant.Id);

        await using var transactions = work.Command(
            """
            SELECT string_agg(amount || ' ' || balance_after || ' ' || description, '; ' ORDER BY seq)
            FROM reporting.credit_transactions
            """);
        Assert.Equal("100.5000 100.5000 Purchase; 250.0000 350.5000 Auto-recharge: 250 credits", await transactions.ExecuteScalarAsync());
        await using var wallets = work.Command("SELECT string_agg(unit || ' ' || available, '; ' ORDER BY unit) FROM reporting.wallets");
        Assert.Equal("credits 350.5000; usd 0.0000", await wallets.ExecuteScalarAsync());
    }
}
