using System.Net;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Providers;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Settlement;

/// <summary>The month and the wallet over real HTTP.</summary>
public sealed class SettlementEndpointsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_tenant_sees_its_running_month()
    {
        var (tenant, program) = await ProgramAsync(usd: 10);
        await UseAsync(tenant, "voice", 5.5m);

        var answer = JsonNode.Parse(await program.GetStringAsync("/api/billing/monthly"))!;

        Assert.Equal(
            "usd monthly open 0.375 1 0 usd",
            string.Join(' ', new[] { "plan", "mode", "status", "reserved", "events", "lateEvents", "currency" }
                .Select(name => answer[name])));
        Assert.Equal("""[{"service":"voice","quantity":5.5,"events":1,"amount":0.375}]""", answer["services"]!.ToJsonString());
        Assert.Equal("[]", answer["settled"]!.ToJsonString());
        Assert.Equal($"{TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM}", (string?)answer["month"]);
    }

    [Fact]
    public async Task The_wallet_answers_in_the_agreed_shape()
    {
        var (tenant, program) = await ProgramAsync(usd: 10);
        await UseAsync(tenant, "voice", 5.5m);

        var answer = JsonNode.Parse(await program.GetStringAsync("/api/wallet"))!.AsObject();

        Assert.Equal(
            ["balance", "held", "available", "debt", "currency", "transactions"], answer.Select(member => member.Key));
        Assert.Equal(
            "10 0.375 9.625 0 usd", $"{answer["balance"]} {answer["held"]} {answer["available"]} {answer["debt"]} {answer["currency"]}");
        Assert.Equal("usd-1", (string?)Assert.Single(answer["transactions"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task The_token_sees_all_tenants_and_runs_the_settlement_and_nobody_else_may()
    {
        var (tenant, program) = await ProgramAsync(usd: 10);
        await UseAsync(tenant, "email", 3);
        using var cron = portal.Bearer(SandboxDefaults.BillingCronToken);
        using var otherCron = portal.Bearer(SandboxDefaults.CronSecret);
        using var stranger = portal.Browser();

        var totals = JsonNode.Parse(await cron.GetStringAsync("/api/billing/monthly"))!;
        var run = await cron.PostAsync("/api/billing/monthly", content: null);

        Assert.Contains(
            totals["tenants"]!.AsArray(),
            line => (string?)line!["tenant"] == tenant.Slug && (decimal)line["reserved"]! == 0.03m);
        Assert.Equal(HttpStatusCode.OK, run.StatusCode);
        var answer = JsonNode.Parse(await run.Content.ReadAsStringAsync())!;
        Assert.Equal(
            "Monthly settlement completed 0 0 0", $"{answer["message"]} {answer["settled"]} {answer["already"]} {answer["failed"]}");
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PostAsync("/api/billing/monthly", content: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await otherCron.PostAsync("/api/billing/monthly", content: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await otherCron.GetAsync("/api/billing/monthly")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/billing/monthly")).StatusCode);
    }

    private async Task<(Tenant Tenant, HttpClient Program)> ProgramAsync(decimal usd)
    {
        var tenant = await portal.TenantAsync(Unit.Usd);
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Usd(usd),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = tenant.CreatedAt,
        });
        return (tenant, await portal.ProgramAsync(tenant, ApiScopes.Read | ApiScopes.Billing | ApiScopes.Usage));
    }

    private Task<IReadOnlyList<UsageResult>> UseAsync(Tenant tenant, string service, decimal quantity) =>
        portal.Services.GetRequiredService<UsageService>().RecordAsync(
            tenant.Id, Unit.Usd, [UsageFixtures.Event(service, quantity)]);
}
