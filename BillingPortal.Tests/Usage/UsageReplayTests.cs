using System.Net.Http.Json;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Usage;

/// <summary>A file replayed on the sandbox's clock with auto-recharge on, beside the running portal.</summary>
public sealed class UsageReplayTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"replay-{Ids.New():N}.jsonl");
    private SandboxPortal _portal = null!;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        _portal = new SandboxPortal(_sandbox.BaseUri);
        await _portal.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _portal.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    // The first three days of the shipped month: about 2,900 credits, so about ten recharges of 270.
    [Fact]
    public async Task The_rule_keeps_up_and_every_event_is_posted_once()
    {
        var acme = await AcmeAsync(threshold: 100);
        var file = await FileAsync(line => string.CompareOrdinal(line.OccurredAt, "2026-12-04") < 0);

        var (code, output) = await ReplayAsync(file);

        Assert.True(code == 0, output);
        Assert.Contains(" 0 duplicate, 0 insufficient, 0 malformed", output, StringComparison.Ordinal);
        Assert.InRange(Get<TimeProvider>().GetUtcNow(), new(2026, 12, 3, 23, 0, 0, default), new(2026, 12, 4, 0, 10, 0, default));
        var attempts = await AttemptsAsync(acme.Id);
        Assert.True(attempts.Count >= 8, $"{attempts.Count} recharges");
        Assert.All(attempts, attempt => Assert.Equal(AttemptState.Succeeded, attempt.State));
        Assert.All(attempts.Zip(attempts.Skip(1)), pair =>
            Assert.True(pair.Second.StartedAt - pair.First.StartedAt >= TimeSpan.FromHours(1)));
        var report = await Get<LedgerAudit>().RunAsync(full: true, CancellationToken.None);
        Assert.True(report.IsClean);

        var (again, repeated) = await ReplayAsync(file);
        Assert.True(again == 0, repeated);
        Assert.Contains(" 0 posted, ", repeated, StringComparison.Ordinal);
        Assert.Equal(attempts.Count, (await AttemptsAsync(acme.Id)).Count);
    }

    // 250 − 170 = 80: recharged to 350. 350 − 260 = 90 comes 20 minutes later, during the cooldown; 50 more leave 40. The sweep after
    // the cooldown makes it 310, which covers the 200 that come at an hour and a half.
    [Fact]
    public async Task What_crossed_during_the_cooldown_is_recharged_when_it_ends()
    {
        var acme = await AcmeAsync(threshold: 100);
        var at = Get<TimeProvider>().GetUtcNow().AddDays(1);
        await File.WriteAllLinesAsync(_file, [
            Line("a", 170, at), Line("b", 260, at.AddMinutes(20)), Line("c", 50, at.AddMinutes(40)), Line("d", 200, at.AddMinutes(90)),
        ]);

        var (code, output) = await ReplayAsync(_file);

        Assert.True(code == 0, output);
        Assert.Contains("4 posted, 0 duplicate, 0 insufficient", output, StringComparison.Ordinal);
        var attempts = await AttemptsAsync(acme.Id);
        Assert.Equal(2, attempts.Count);
        Assert.InRange(attempts[1].StartedAt - attempts[0].StartedAt, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(76));
    }

    private T Get<T>()
        where T : notnull => _portal.Services.GetRequiredService<T>();

    private async Task<(int Code, string Output)> ReplayAsync(string file)
    {
        var console = new StringWriter();
        return (await Get<UsageImport>().RunAsync(file, replays: true, console, CancellationToken.None), console.ToString());
    }

    private async Task<IReadOnlyList<RechargeAttempt>> AttemptsAsync(Guid tenantId)
    {
        await using var unit = await Get<Database>().BeginAsync(tenantId);
        return await unit.Db.Set<RechargeAttempt>().OrderBy(attempt => attempt.StartedAt).ToListAsync();
    }

    // Acme after the visitor's purchase: 250 credits, a saved card, the rule.
    private async Task<Tenant> AcmeAsync(decimal threshold)
    {
        var acme = await _portal.TenantService.CreateAsync(new NewTenant("acme", "Acme Voice", Unit.Credits));
        var started = await Get<PurchaseService>().StartAsync(
            acme.Id, new StartPurchase { PackageId = "credits-250", SavePaymentMethod = true }, "first");
        var intent = started.Purchase!.PaymentIntentId!;
        await Get<StripeClient>().ConfirmPaymentIntentAsync(intent, new ConfirmPayment("pm_card_visa", OffSession: false), "pay");
        Assert.Equal(SettleOutcome.Settled, (await Get<PurchaseService>().SettleAsync(intent)).Outcome);
        using var program = await _portal.ProgramAsync(acme);
        using var saved = await program.PostAsJsonAsync(
            "/api/credits/auto-recharge", new { enabled = true, credits = 250, threshold });
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        return acme;
    }

    private async Task<string> FileAsync(Func<(string OccurredAt, string Text), bool> takes)
    {
        var sample = Path.Combine(SourceTree.Root, "samples", "acme-month.jsonl");
        var lines = from text in await File.ReadAllLinesAsync(sample)
                    let at = text.IndexOf("\"occurred_at\":\"", StringComparison.Ordinal) + "\"occurred_at\":\"".Length
                    where takes((text.Substring(at, 10), text))
                    select text;
        await File.WriteAllLinesAsync(_file, lines);
        return _file;
    }

    private static string Line(string reference, int emails, DateTimeOffset at) =>
        $$"""{"tenant":"acme","service":"email","quantity":{{emails}},"reference_id":"{{reference}}","occurred_at":"{{at:O}}"}""";

    /// <summary>The portal with its providers at the sandbox's address.</summary>
    private sealed class SandboxPortal(Uri sandbox) : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Sandbox:Url", sandbox.ToString())];
    }
}
