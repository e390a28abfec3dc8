using BillingPortal.Alerts;
using BillingPortal.Analytics;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Wallet;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Analytics;

/// <summary>A budget warns once per share and month, whoever looks and however often, and never refuses anything.</summary>
public sealed class BudgetWatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Owner = new(ActorKind.Person, Ids.New(), "Olga (owner)");

    // 1,000 credits for voice; 20 minutes at 25 are half of it.
    [Fact]
    public async Task Each_share_is_told_once_as_it_is_reached()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        Assert.Null(await SaveAsync(scene, "voice", 1_000));
        await UseAsync(scene, minutes: 19);
        await Watch(scene).SweepAsync(100);
        Assert.Empty(await MailsAsync(scene));

        await UseAsync(scene, minutes: 1);
        await Watch(scene).SweepAsync(100);
        await Watch(scene).SweepAsync(100);
        Assert.Equal(["Voice calls: 50 % of the budget of November 2026 is used"], await MailsAsync(scene));

        await UseAsync(scene, minutes: 30); // over at once: the highest is told, and is the last
        await Watch(scene).SweepAsync(100);
        await UseAsync(scene, minutes: 30);
        await Watch(scene).SweepAsync(100);
        Assert.Equal(2, (await MailsAsync(scene)).Count);
        Assert.Equal("Voice calls: the budget of November 2026 is used up", (await MailsAsync(scene))[1]);
        Assert.Equal(["budget"], (await NoticesAsync(scene)).Select(notice => notice.Kind).Distinct());
    }

    // In as many processes as there are watchers: the table's key lets one of them through.
    [Fact]
    public async Task Twelve_watchers_at_once_tell_it_once()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        await SaveAsync(scene, "", 1_000);
        await UseAsync(scene, minutes: 33);

        var told = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Watch(scene).LookAsync(scene.Tenant.Id, Unit.Credits)));

        Assert.Equal(1, told.Sum());
        Assert.Equal(["All services: 80 % of the budget of November 2026 is used"], await MailsAsync(scene));
        await using var unit = await postgres.Database.BeginAsync(scene.Tenant.Id);
        var alerts = await unit.Db.Set<BudgetAlert>().OrderBy(alert => alert.Share).ToListAsync();
        Assert.Equal([(50, false), (80, true)], alerts.Select(alert => (alert.Share, alert.IsTold)));
    }

    [Fact]
    public async Task Another_month_warns_anew_and_takes_the_last_ones_banner_away()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        await SaveAsync(scene, "voice", 1_000);
        await UseAsync(scene, minutes: 40);
        await Watch(scene).SweepAsync(100);
        scene.World.Clock.Advance(TimeSpan.FromDays(12)); // 2 December
        await Watch(scene).SweepAsync(100);
        Assert.All(await NoticesAsync(scene), notice => Assert.NotNull(notice.EndedAt));

        await UseAsync(scene, minutes: 40);
        await Watch(scene).SweepAsync(100);
        Assert.Equal(2, (await MailsAsync(scene)).Count);
        Assert.Equal("Voice calls: the budget of December 2026 is used up", (await MailsAsync(scene))[1]);
    }

    [Fact]
    public async Task A_raised_budget_may_warn_again_and_the_change_is_written_down()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        await SaveAsync(scene, "voice", 1_000);
        await UseAsync(scene, minutes: 40);
        await Watch(scene).SweepAsync(100);
        await SaveAsync(scene, "voice", 2_000, 80);
        Assert.All(await NoticesAsync(scene), notice => Assert.NotNull(notice.EndedAt));
        await Watch(scene).LookAsync(scene.Tenant.Id, Unit.Credits);
        await UseAsync(scene, minutes: 24);
        await Watch(scene).SweepAsync(100);

        Assert.Equal(
            ["Voice calls: the budget of November 2026 is used up", "Voice calls: 80 % of the budget of November 2026 is used"],
            await MailsAsync(scene));
        await using var unit = await postgres.Database.BeginOpsAsync();
        var lines = await unit.Db.Set<AuditLine>().Where(line => line.TenantId == scene.Tenant.Id).OrderBy(line => line.Id).ToListAsync();
        Assert.Equal(2, lines.Count);
        Assert.Contains("1,000 credits", lines[1].Before, StringComparison.Ordinal);
        Assert.Contains("2,000 credits", lines[1].After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_of_reserved_usage_counts_and_a_used_up_budget_stops_nothing()
    {
        var scene = await UsageScene.WalletAsync(postgres, BillingPortal.Tenants.SettlementMode.Monthly);
        Assert.Null(await Service(scene).SaveAsync(scene.Tenant.Id, "voice", Amount.Usd(1), [100], Owner));
        await scene.UseAsync("voice", "{}", scene.World.Clock.GetUtcNow());
        for (var n = 0; n < 12; n++)
        {
            await scene.UseAsync("voice", "{}", scene.World.Clock.GetUtcNow());
        }

        await Watch(scene).SweepAsync(100);
        Assert.Equal(["Voice calls: the budget of November 2026 is used up"], await MailsAsync(scene));
        await scene.UseAsync("voice", "{}", scene.World.Clock.GetUtcNow()); // asserts that it is posted
    }

    [Theory]
    [InlineData("pigeons", 10, 80, "There is no such service.")]
    [InlineData("voice", 0, 80, "A budget is an amount above zero.")]
    [InlineData("voice", 10, 60, "A warning comes at 50, 80 or 100 %.")]
    public async Task Terms_that_make_no_sense_are_refused_in_words(string service, int amount, int share, string why)
    {
        var scene = await UsageScene.CreditsAsync(postgres);

        Assert.Equal(why, await SaveAsync(scene, service, amount, share));
        Assert.Equal(
            "Choose at least one share at which to be warned.",
            await Service(scene).SaveAsync(scene.Tenant.Id, "voice", Amount.Credits(5), [], Owner));
    }

    // 25 a day for 15 days: on 20 November at noon 375 are used, ten and a half days are left.
    [Fact]
    public async Task The_forecast_goes_by_the_usual_day()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        for (var day = 1; day <= 15; day++)
        {
            await UseAsync(scene, minutes: 1, scene.World.Clock.GetUtcNow().AddDays(-day));
        }

        await SaveAsync(scene, "voice", 500);
        var standing = Assert.Single((await Reader(scene).ReadAsync(scene.Tenant.Id, Unit.Credits)).Budgets);

        Assert.Equal(Amount.Credits(375), standing.Spent);
        Assert.Equal(Amount.Credits(637.5m), standing.Forecast);
        Assert.Equal(scene.World.Clock.GetUtcNow().AddDays(5), standing.ReachedAt);
    }

    private static async Task UseAsync(UsageScene scene, int minutes, DateTimeOffset? at = null)
    {
        var used = UsageFixtures.Event("voice", minutes, occurredAt: at ?? scene.World.Clock.GetUtcNow());
        await scene.World.Usage.RecordAsync(scene.Tenant.Id, Unit.Credits, [used]);
    }

    private Task<string?> SaveAsync(UsageScene scene, string service, int credits, params int[] shares) => Service(scene).SaveAsync(
        scene.Tenant.Id, service, Amount.Credits(credits), shares.Length > 0 ? shares : Budget.AllShares.ToArray(), Owner);

    private SpendReader Spends(UsageScene scene) => new(
        postgres.Database, new UsageDays(postgres.Database, scene.World.Clock) { TailMax = 0 },
        new RenewalReader(new PhoneNumberReader(postgres.Database, postgres.Prices())), scene.World.Clock);

    private static BudgetMails Mails(UsageScene scene) =>
        new(
        new Mailer(new OutboxWriter(scene.World.Clock, new OutboxBell()), scene.World.Clock),
        Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }));

    private BudgetWatch Watch(UsageScene scene) => new(
        postgres.Database, Spends(scene), Mails(scene), scene.World.Clock, NullLogger<BudgetWatch>.Instance);

    private BudgetReader Reader(UsageScene scene) => new(postgres.Database, Spends(scene), scene.World.Clock);

    private BudgetService Service(UsageScene scene) => new(
        postgres.Database, Spends(scene), Mails(scene), new AuditLog(scene.World.Clock), scene.World.Clock);

    private async Task<List<string>> MailsAsync(UsageScene scene) =>
        [.. (await NoticesAsync(scene)).Select(notice => notice.Title)];

    // Each notification is written with its mail, under one key.
    private async Task<List<Notification>> NoticesAsync(UsageScene scene)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var mails = await unit.Db.Set<OutboxMessage>().CountAsync(
            message => message.TenantId == scene.Tenant.Id && message.Kind == QueuedEmail.MessageKind);
        var notices = await unit.Db.Set<Notification>().AsNoTracking().Where(notice => notice.TenantId == scene.Tenant.Id)
            .OrderBy(notice => notice.Id).ToListAsync();
        Assert.Equal(notices.Count, mails);
        return notices;
    }
}
