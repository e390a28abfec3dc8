using BillingPortal.Alerts;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Grants;

/// <summary>Credits that expire, on real books: spent first, taken back once, whatever happens beside it.</summary>
public sealed class GrantTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly GrantBooks _books = new();

    [Fact]
    public async Task What_was_not_spent_is_taken_back_once()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await GiveAsync(tenant, 50, days: 3);
        await tenant.DebitAsync(20);

        postgres.Clock.Advance(TimeSpan.FromDays(3));
        var first = await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);

        Assert.True(first.Expired >= 1);
        await tenant.AssertBooksBalanceAsync(100);
        var expiry = Assert.Single(await EntriesAsync(tenant, EntryKind.Expiry));
        Assert.Equal((-30m, CounterAccount.Expiry), (expiry.AmountE4 / 10_000m, expiry.CounterAccount));
    }

    [Fact]
    public async Task A_grant_spent_to_the_end_leaves_no_entry()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await GiveAsync(tenant, 5, days: 1);
        await tenant.DebitAsync(12);

        postgres.Clock.Advance(TimeSpan.FromDays(1));
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);

        Assert.Empty(await EntriesAsync(tenant, EntryKind.Expiry));
        await tenant.AssertBooksBalanceAsync(3);
    }

    [Fact]
    public async Task What_was_spent_before_a_grant_is_not_taken_off_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await GiveAsync(tenant, 10, days: 9);
        await tenant.DebitAsync(60);
        await GiveAsync(tenant, 30, days: 2);
        await tenant.DebitAsync(5);

        Assert.Equal([25m], await OpenAsync(tenant));
    }

    [Fact]
    public async Task Held_credits_expire_when_their_hold_has_ended()
    {
        var tenant = await postgres.TenantWithAsync();
        await GiveAsync(tenant, 50, days: 1);
        var hold = await tenant.HoldAsync(40);

        postgres.Clock.Advance(TimeSpan.FromDays(1));
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        await tenant.AssertBooksBalanceAsync(40);

        await tenant.ReleaseAsync(hold.HoldId!.Value);
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        await tenant.AssertBooksBalanceAsync(0);
        var expired = await EntriesAsync(tenant, EntryKind.Expiry);
        Assert.Equal([-10m, -40m], expired.Select(entry => entry.AmountE4 / 10_000m));
    }

    [Fact]
    public async Task The_same_key_gives_once()
    {
        var tenant = await postgres.TenantWithAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GiveAsync(tenant, 50, days: 30, key: "welcome")));

        await tenant.AssertBooksBalanceAsync(50);
        Assert.Equal([50m], await OpenAsync(tenant));
    }

    [Fact]
    public async Task People_are_told_once_a_week_before()
    {
        var tenant = await postgres.TenantWithAsync();
        await GiveAsync(tenant, 50, days: 10);

        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        Assert.Equal(0, await MailsAsync(tenant));

        postgres.Clock.Advance(TimeSpan.FromDays(4));
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, await MailsAsync(tenant));
    }

    // Debits race with the sweep that takes the rest back: nothing is lost, nothing goes twice.
    [Fact]
    public async Task Debits_beside_the_expiry_never_make_it_take_too_much()
    {
        var tenant = await postgres.TenantWithAsync(credits: 1000);
        await GiveAsync(tenant, 500, days: 1);
        postgres.Clock.Advance(TimeSpan.FromDays(1));

        var debits = Enumerable.Range(0, 200).Select(_ => tenant.DebitAsync(1));
        var sweeps = Enumerable.Range(0, 4).Select(_ => Expiry.SweepAsync(100, TestContext.Current.CancellationToken));
        await Task.WhenAll(Task.WhenAll(debits), Task.WhenAll(sweeps));
        await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);

        var expiry = Assert.Single(await EntriesAsync(tenant, EntryKind.Expiry));
        var before = (await EntriesAsync(tenant, EntryKind.Usage)).Count(entry => entry.Seq < expiry.Seq);
        Assert.Equal(500 - before, -expiry.AmountE4 / 10_000);
        await tenant.AssertBooksBalanceAsync(1000 - 200 + before);
    }

    // Any program of grants, debits, top-ups and days gone by leaves what a plain walk over the entries says.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_program_leaves_what_a_walk_over_the_entries_says(int seed)
    {
        var random = new Random(seed);
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var walk = new List<(long Seq, DateTimeOffset ExpiresAt, decimal Amount)>();
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    var expiresAt = postgres.Clock.GetUtcNow().AddHours(random.Next(1, 200));
                    var given = await GiveUntilAsync(tenant, random.Next(1, 40), expiresAt);
                    walk.Add((given.Seq, expiresAt, given.Posted.ToDecimal()));
                    break;
                case 1:
                    await tenant.CreditAsync(random.Next(1, 60));
                    break;
                case 2:
                    postgres.Clock.Advance(TimeSpan.FromHours(random.Next(1, 30)));
                    await Expiry.SweepAsync(100, TestContext.Current.CancellationToken);
                    break;
                case 3:
                    await OpenAsync(tenant); // whoever looks folds: how often must not matter
                    break;
                default:
                    await tenant.DebitAsync(random.Next(1, 15));
                    break;
            }
        }

        Assert.Equal(await WalkAsync(tenant, walk), await OpenAsync(tenant));
        await tenant.AssertBooksBalanceAsync((await tenant.BalanceAsync()).Posted.ToDecimal());
    }

    private GrantService Service => new(
        postgres.Database, new TopUp(postgres.LedgerWriter, []), _books, postgres.Clock);

    private GrantExpiry Expiry => new(
        postgres.Database, _books, postgres.LedgerWriter, new BalanceReader(postgres.Database),
        new Mailer(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock),
        Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }), new GrantOptions(), postgres.Clock,
        NullLogger<GrantExpiry>.Instance);

    private Task<PostResult> GiveAsync(TestTenant tenant, decimal credits, int days, string? key = null) => Service.GiveAsync(
        tenant.Id, Amount.Credits(credits), postgres.Clock.GetUtcNow().AddDays(days), "Welcome credits",
        key ?? Ids.New().ToString());

    private Task<PostResult> GiveUntilAsync(TestTenant tenant, decimal credits, DateTimeOffset expiresAt) =>
        Service.GiveAsync(tenant.Id, Amount.Credits(credits), expiresAt, "Welcome credits", Ids.New().ToString());

    private async Task<List<decimal>> OpenAsync(TestTenant tenant) =>
        [.. (await Service.OpenAsync(tenant.Id, Unit.Credits)).Select(grant => grant.Remaining.ToDecimal())];

    private async Task<List<Entry>> EntriesAsync(TestTenant tenant, EntryKind? kind = null)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<Entry>().AsNoTracking().Where(entry => kind == null || entry.Kind == kind)
            .OrderBy(entry => entry.Seq).ToListAsync();
    }

    private async Task<long> MailsAsync(TestTenant tenant)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<OutboxMessage>().CountAsync(message => message.TenantId == tenant.Id);
    }

    // One entry at a time, as a person with pencil and paper would.
    private async Task<List<decimal>> WalkAsync(
        TestTenant tenant, List<(long Seq, DateTimeOffset ExpiresAt, decimal Amount)> given)
    {
        var open = new List<(long Seq, DateTimeOffset ExpiresAt, decimal Left)>();
        foreach (var entry in await EntriesAsync(tenant))
        {
            if (given.Find(one => one.Seq == entry.Seq) is { Seq: > 0 } grant)
            {
                open.Add((grant.Seq, grant.ExpiresAt, grant.Amount));
                continue;
            }

            var spent = Math.Max(0, -entry.AmountE4 / 10_000m);
            open = [.. open.OrderBy(one => one.ExpiresAt).ThenBy(one => one.Seq)];
            for (var i = 0; i < open.Count && spent > 0; i++)
            {
                if (entry.Kind is EntryKind.Expiry && entry.CauseId != $"credits-{open[i].Seq}")
                {
                    continue;
                }

                var taken = Math.Min(open[i].Left, spent);
                (open[i], spent) = (open[i] with { Left = open[i].Left - taken }, spent - taken);
            }
        }

        return [.. open.Where(one => one.Left > 0).OrderBy(one => one.ExpiresAt).ThenBy(one => one.Seq)
            .Select(one => one.Left)];
    }
}
