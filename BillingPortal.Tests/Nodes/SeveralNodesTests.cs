using System.Net;
using System.Net.Http.Json;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Tests.EndToEnd;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.Nodes;

/// <summary>Two portals on one database behave as one.</summary>
[Collection(NodesScene.Collection)]
public sealed class SeveralNodesTests(NodesScene scene)
{
    private static readonly object Rule = new { enabled = true, credits = 250, threshold = 100 };

    // 190 credits; forty events of 5 on both nodes at once: whoever crosses 100 recharges 250, and nobody does it again.
    [Fact]
    public async Task Usage_on_all_nodes_recharges_once_and_mails_once()
    {
        var tenant = await scene.TenantAsync(credits: 190);
        using var a = NodesScene.Program(tenant, scene.A.Address);
        using var b = NodesScene.Program(tenant, scene.B.Address);
        using var rule = await a.PostAsJsonAsync("/api/credits/auto-recharge", Rule);
        Assert.Equal(HttpStatusCode.OK, rule.StatusCode);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => UseAsync(i % 2 == 0 ? a : b, $"crossing-{i}", 5)));
        await scene.EventuallyAsync(async () => await PurchasesAsync(tenant) == 1, "the recharge is credited");
        await scene.EventuallyAsync(
            async () => await scene.ScalarAsync<long>(
                """
                SELECT (SELECT count(*) FROM outbox_messages WHERE tenant_id = $1 AND delivered_at IS NULL)
                     + (SELECT count(*) FROM recharge_requests WHERE tenant_id = $1 AND done_version < version)
                """,
                tenant.Id) == 0,
            "nothing is left to do");

        Assert.Equal(1, (await scene.Sandbox.PaymentsAsync(tenant.Customer)).SucceededCharges);
        Assert.Equal(1, await PurchasesAsync(tenant));
        Assert.Equal(1L, await scene.ScalarAsync<long>("SELECT count(*) FROM recharge_attempts WHERE tenant_id = $1", tenant.Id));
        var mails = await scene.Sandbox.MailboxAsync(tenant.Email);
        Assert.NotEmpty(mails);
        Assert.All(mails.GroupBy(mail => mail.Subject), same => Assert.Single(same));
        Assert.Equal(1, await scene.ScalarAsync<int>("SELECT max(attempts) FROM outbox_messages WHERE tenant_id = $1", tenant.Id));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_page_open_on_one_node_follows_what_is_posted_on_another()
    {
        var tenant = await scene.TenantAsync(credits: 100);
        await using var browser = await PageOnBAsync();
        await browser.TakeSessionAsync(tenant.Email);
        await browser.OpenAsync("/");
        await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        using var a = NodesScene.Program(tenant, scene.A.Address);

        await UseAsync(a, "doorbell", 40);
        await Assertions.Expect(browser.Page.GetByTestId("available")).ToHaveTextAsync("60 credits");
        using var buy = await a.PostAsJsonAsync(
            "/api/stripe/create-payment-intent", new { packageId = "credits-250", paymentMethodId = tenant.Card });
        Assert.Equal(HttpStatusCode.OK, buy.StatusCode);

        await Assertions.Expect(browser.Page.GetByTestId("available")).Not.ToHaveTextAsync("60 credits");
        Assert.True(await browser.Page.EvaluateAsync<bool>("() => window.sameDocument === true"));
    }

    [Fact]
    public async Task A_session_begun_on_one_node_holds_and_ends_on_the_other()
    {
        var tenant = await scene.TenantAsync(credits: 1);
        using var browser = NodesScene.Browser(scene.A.Address);
        await NodesScene.SignInAsync(browser, tenant);
        var home = new Uri(scene.B.Address, "/");

        using (var page = await browser.GetAsync(home))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        using var left = await SignOutAtBAsync(browser);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        Assert.Equal(
            0L,
            await scene.ScalarAsync<long>(
                "SELECT count(*) FROM sessions s JOIN members m USING (user_id) WHERE m.tenant_id = $1 AND s.ended_at IS NULL", tenant.Id));

        using var again = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Contains("/sign-in", again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    // A price of this tenant alone: 3 credits an email instead of 1.
    [Fact]
    public async Task A_new_price_is_known_on_every_node()
    {
        var tenant = await scene.TenantAsync(credits: 10_000);
        using var a = NodesScene.Program(tenant, scene.A.Address);
        using var b = NodesScene.Program(tenant, scene.B.Address);
        Assert.Equal(1m, await UseAsync(a, "price-a", 1));
        Assert.Equal(1m, await UseAsync(b, "price-b", 1));
        await using (var unit = await scene.Database.BeginOpsAsync())
        {
            unit.Db.Add(Price(tenant.Id));
            await unit.CommitAsync();
        }

        var calls = 0;
        foreach (var node in (HttpClient[])[a, b])
        {
            await scene.EventuallyAsync(async () => await UseAsync(node, $"price-{++calls}", 1) == 3m, "the new price is charged");
        }
    }

    private static TenantPrice Price(Guid tenantId) => new()
    {
        Id = Ids.New(),
        TenantId = tenantId,
        Plan = Unit.Credits,
        Service = "email",
        RateE4 = 3_0000,
        ValidFrom = TimeProvider.System.GetUtcNow().AddMinutes(-1),
    };

    // What was charged.
    private static async Task<decimal> UseAsync(HttpClient node, string reference, int emails)
    {
        using var answer = await node.PostAsJsonAsync(
            "/api/usage", new { service = "email", quantity = emails, reference_id = reference });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PaymentRequired, text);
        var json = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        return answer.IsSuccessStatusCode ? (decimal)json["amount"]! : 0;
    }

    // The form and its token come from A and go to B.
    private Task<HttpResponseMessage> SignOutAtBAsync(HttpClient browser) =>
        PortalHost.PostFormAsync(browser, "/account", "", [], new Uri(scene.B.Address, "/sign-out").ToString());

    private async Task<PortalPage> PageOnBAsync()
    {
        var context = await (await Chromium.SharedAsync()).NewContextAsync(new() { BaseURL = scene.B.Address.ToString() });
        return new PortalPage(context, await context.NewPageAsync(), scene.B.Address);
    }

    private Task<long> PurchasesAsync(NodeTenant tenant) =>
        scene.ScalarAsync<long>("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'purchase'", tenant.Id);
}
