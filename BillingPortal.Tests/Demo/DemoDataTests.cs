using System.Net;
using BillingPortal.Cards;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Demo;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.PhoneNumbers;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Demo;

/// <summary>The sandbox's tenants with their past, made once for all tests of this class through the real services.</summary>
public sealed class DemoDataTests(DemoPortal portal) : IClassFixture<DemoPortal>
{
    [Theory]
    [InlineData("owner@acme.example")]
    [InlineData("admin@acme.example")]
    [InlineData("viewer@acme.example")]
    [InlineData("admin@bolt.example")]
    [InlineData("agent@portal.example")]
    [InlineData("lead@portal.example")]
    public async Task Everybody_can_sign_in_with_the_one_password(string email)
    {
        using var browser = await portal.Host.SignedInAsync(email, "sandbox-Passw0rd");
    }

    [Theory]
    [InlineData("bp_sandbox_acme_full_access")]
    [InlineData("bp_sandbox_bolt_full_access")]
    public async Task The_known_keys_open_the_interface(string key)
    {
        using var program = portal.Host.Bearer(key);
        using var content = new StringContent("""{"service":"email","quantity":1,"reference_id":"by-key"}""", null, "application/json");

        Assert.Equal(HttpStatusCode.OK, (await program.PostAsync("/api/usage", content)).StatusCode);
    }

    [Theory]
    [InlineData("acme", Unit.Credits, 4_000, 9)]
    [InlineData("bolt", Unit.Usd, 4_000, 3)]
    public async Task Each_tenant_has_sixty_days_of_usage_and_its_purchases(string slug, Unit plan, int entries, int purchases)
    {
        var tenant = await TenantAsync(slug);
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        var usage = await unit.Db.Set<Entry>()
            .Where(entry => (entry.Kind == EntryKind.Usage || entry.Kind == EntryKind.HoldCapture) && entry.Unit == plan)
            .Select(entry => new { entry.OccurredAt, entry.PostedAt })
            .Concat(unit.Db.Set<HoldExtension>().Where(use => use.Unit == plan).Select(use => new { use.OccurredAt, use.PostedAt }))
            .ToListAsync();
        var settled = await unit.Db.Set<Purchase>().Where(purchase => purchase.State == PurchaseState.Settled).ToListAsync();

        Assert.True(usage.Count > entries, $"{usage.Count} events");
        Assert.True(settled.Count >= purchases, $"{settled.Count} purchases");
        Assert.All(usage, entry => Assert.InRange(entry.PostedAt - entry.OccurredAt, TimeSpan.Zero, TimeSpan.FromHours(6.1)));
        var today = portal.StartedAt.UtcDateTime.Date;
        Assert.Equal(
            Enumerable.Range(1, 60).Select(day => today.AddDays(-day)).Order(),
            usage.Select(entry => entry.OccurredAt.UtcDateTime.Date).Where(day => day < today).Distinct().Order());
        Assert.All(settled, purchase => Assert.InRange(
            purchase.SettledAt!.Value, portal.StartedAt.AddDays(-61), portal.StartedAt.AddMinutes(1)));
    }

    [Fact]
    public async Task Acme_has_credits_and_neither_a_saved_card_nor_a_rule()
    {
        var tenant = await TenantAsync("acme");
        var balance = await portal.Get<BalanceReader>().ReadAsync(tenant.Id, Unit.Credits);
        await using var unit = await portal.Database.BeginAsync(tenant.Id);

        Assert.InRange(balance.Available.ToDecimal(), 300, 3_500);
        Assert.False(await unit.Db.Set<SavedCard>().AnyAsync());
        Assert.False(await unit.Db.Set<RechargeRule>().AnyAsync());
        Assert.True(await unit.Db.Set<Purchase>().AnyAsync(purchase => purchase.State == PurchaseState.Failed));
    }

    // Bought in the first days: each has paid its rent since, and one renews within two weeks.
    [Theory]
    [InlineData("acme", 3)]
    [InlineData("bolt", 1)]
    public async Task Each_tenant_rents_its_numbers_since_they_were_bought(string slug, int count)
    {
        var tenant = await TenantAsync(slug);
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        var numbers = await unit.Db.Set<PhoneNumber>().ToListAsync();
        var rents = await unit.Db.Set<NumberRent>().ToListAsync();

        Assert.Equal(count, numbers.Count);
        Assert.All(numbers, number => Assert.Equal(PhoneNumberState.Active, number.State));
        Assert.All(numbers, number => Assert.True(number.NextBillingDate > portal.StartedAt));
        Assert.All(numbers, number => Assert.Contains(rents, rent => rent.NumberId == number.Id && rent.AmountE4 > 0));
    }

    // The page's figures of the last 30 days, and the entries and reserved uses of these messages.
    [Theory]
    [InlineData("acme", 700, "US")]
    [InlineData("bolt", 800, "DE")]
    public async Task Each_tenant_has_messages_whose_price_stands_in_the_books(string slug, int messages, string country)
    {
        var tenant = await TenantAsync(slug);
        var period = new SmsQuery().Judge(TimeZoneInfo.Utc, portal.StartedAt);
        var figures = await portal.Get<SmsFiguresReader>().ReadAsync(tenant.Id, tenant.Plan, "UTC", period);
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        await using var entries = unit.Command(
            """
            SELECT coalesce(sum(b.amount_e4), 0)::bigint FROM sms_messages m
            CROSS JOIN LATERAL (
              SELECT -e.amount_e4 AS amount_e4 FROM entries e
              WHERE e.tenant_id = $1 AND e.cause_type = 'sms' AND e.cause_id = m.id::text
              UNION ALL
              SELECT x.amount_e4 FROM hold_extensions x
              WHERE x.tenant_id = $1 AND x.hold_id = m.reservation_id AND x.reference = m.provider_sid) b
            WHERE m.tenant_id = $1 AND m.created_at >= $2 AND m.created_at < $3
            """, tenant.Id, period.Filter.From, period.Filter.To);

        Assert.True(figures.Total.Sent + figures.Total.Received > messages, $"{figures.Total}");
        Assert.InRange(figures.Total.DeliveredRate!.Value, 90, 99);
        Assert.Equal(country, figures.Countries[0].Key);
        Assert.Equal(await entries.ExecuteScalarAsync(), figures.Total.Spent.E4);
        Assert.True(figures.Total.GivenBack.IsPositive);
    }

    [Fact]
    public async Task The_books_are_clean()
    {
        var report = await portal.Get<LedgerAudit>().RunAsync(full: true, CancellationToken.None);

        Assert.True(report.IsClean, string.Join('\n', report.Violations));
    }

    [Fact]
    public async Task Making_it_again_changes_nothing_and_the_clock_is_right()
    {
        Assert.False(await portal.Get<DemoData>().SeedAsync());
        Assert.InRange(
            (portal.Get<TimeProvider>().GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private async Task<Tenant> TenantAsync(string slug) => (await portal.Get<TenantReader>().FindBySlugAsync(slug))!;
}

/// <summary>A portal on a sandbox of its own, which makes the demo as it starts.</summary>
public sealed class DemoPortal : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();

    internal PortalHost Host { get; private set; } = null!;

    public DateTimeOffset StartedAt { get; private set; }

    public Database Database => Get<Database>();

    public T Get<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        StartedAt = TimeProvider.System.GetUtcNow();
        Host = new SandboxPortal(_sandbox.BaseUri);
        await Host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    /// <summary>The portal with its providers at the sandbox's address.</summary>
    private sealed class SandboxPortal(Uri sandbox) : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Sandbox:Url", sandbox.ToString()), new("Demo:Seed", "true")];
    }
}
