using System.Net.Http.Json;
using System.Text.Json;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The monitor of webhooks, as an agent uses it after a bad hour at the provider.</summary>
public sealed class WebhookMonitorTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // Stripe cannot be read for one payment: twenty events about it are given up. Then Stripe is well again.
    [Fact]
    public async Task An_agent_replays_twenty_dead_webhooks_and_watches_them_become_handled()
    {
        var (tenant, intentId) = await BoughtAsync();
        var fault = await BreakAsync(intentId);
        await GiveUpAsync(intentId, 20);
        await HealAsync(fault);

        await using var browser = await portal.StaffAsync(StaffRole.Agent);
        await browser.OpenAsync("/staff");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" }).First.ClickAsync();
        await browser.AtAsync("/staff/webhooks$");
        await browser.WaitForReadyAsync();
        await browser.Page.GetByLabel("Event id or object id").FillAsync(intentId);
        await browser.Page.GetByLabel("State").SelectOptionAsync("dead");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await browser.AtAsync("state=dead");
        await Expect(browser.Page.Locator("tr[data-state=Dead]")).ToHaveCountAsync(20);
        await Expect(browser.Page.Locator("tr[data-state=Dead]").First).ToContainTextAsync("The provider itself had a failure");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Replay all 20 dead of this filter" })).ToBeVisibleAsync();
        await browser.Page.GetByLabel("Select all on this page").CheckAsync();
        await ExamineAsync(browser, "staff-webhooks-dead");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Replay selected (20)" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Replay 20 events" }).ClickAsync();

        await Expect(browser.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "20 events put back" }))
            .ToContainTextAsync("20 handled.");
        await Expect(browser.Page.GetByText("Nothing matches this filter")).ToBeVisibleAsync(); // none is dead any more
        await browser.Page.GetByLabel("State").SelectOptionAsync("handled");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(browser.Page.Locator("tr[data-state=Handled]").Nth(19)).ToBeVisibleAsync();
        await ExamineAsync(browser, "staff-webhooks-handled");
        Assert.Equal(1000, await portal.BalanceAsync(tenant.Id));

        await browser.Page.Locator(".monitor-what a").First.ClickAsync();
        await browser.AtAsync("/staff/webhooks/[0-9a-f-]{36}$");
        await browser.WaitForReadyAsync();
        await browser.ExpectTextAsync("Payment of $22.00 for 1,000 credits: settled");
        await browser.ExpectTextAsync(tenant.Name);
        await ExamineAsync(browser, "staff-webhook");
        await browser.OpenAsync("/staff/audit?action=webhook.replayed&id=20%20events");
        await browser.ExpectTextAsync("Replayed 20 webhook events, 20 of them dead");
    }

    [Theory]
    [InlineData("/staff/webhooks?cursor=broken", "This address was cut off")]
    [InlineData("/staff/webhooks?state=lost", "The state is one of")]
    [InlineData("/staff/webhooks?view=messages&cursor=broken", "This address was cut off")]
    [InlineData("/staff/webhooks/00000000-0000-0000-0000-000000000001", "No such event")]
    public async Task A_broken_address_gets_a_page_that_says_so(string path, string words)
    {
        await using var browser = await portal.StaffAsync(StaffRole.Agent);

        await browser.OpenAsync(path);

        await browser.ExpectTextAsync(words);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[] { ("1440-light", new Look()), ("390-dark", Look.Phone with { IsDark = true }) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }

    private async Task<string> BreakAsync(string intentId)
    {
        var answer = await portal.Sandbox.Http.PostAsJsonAsync("control/faults", new
        {
            provider = "stripe",
            kind = "error",
            path = intentId,
            method = "GET",
            count = (int?)null,
        });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task HealAsync(string fault) =>
        Assert.True((await portal.Sandbox.Http.DeleteAsync($"control/faults/{fault}")).IsSuccessStatusCode);

    // Eleven of the twelve tries are taken as done; the last one really fails.
    private async Task GiveUpAsync(string intentId, int count)
    {
        var database = portal.Service<Database>();
        await using (var unit = await database.BeginOpsAsync())
        {
            foreach (var index in Enumerable.Range(0, count))
            {
                var id = $"evt_{Ids.New():N}";
                unit.Db.Add(new WebhookEvent
                {
                    Id = Ids.New(),
                    Provider = WebhookInbox.Stripe,
                    EventId = id,
                    Type = "payment_intent.succeeded",
                    ObjectId = intentId,
                    Source = EventSource.Webhook,
                    OccurredAt = TimeProvider.System.GetUtcNow(),
                    ReceivedAt = TimeProvider.System.GetUtcNow().AddMilliseconds(index),
                    Body = $$"""{"id":"{{id}}","type":"payment_intent.succeeded","data":{"object":{"id":"{{intentId}}"} } }""",
                    State = EventState.Pending,
                    Attempts = InboxDrain.AttemptsMax - 1,
                    NextAttemptAt = DateTimeOffset.MinValue,
                });
            }

            await unit.CommitAsync();
        }

        portal.Service<InboxDrain>().Wake();
        for (var dead = 0; dead < count;)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            await using var unit = await database.BeginOpsAsync();
            dead = await unit.Db.Set<WebhookEvent>().CountAsync(row => row.ObjectId == intentId && row.State == EventState.Dead);
        }
    }

    // 1,000 credits for $22.00, paid with a saved card.
    private async Task<(Tenant Tenant, string IntentId)> BoughtAsync()
    {
        var tenant = await portal.Portal.TenantAsync(name: "Acme Voice");
        await portal.Portal.PersonAsync(tenant, MemberRole.Owner);
        var customer = await portal.Service<CardService>().EnsureCustomerAsync(tenant.Id);
        var card = await portal.Sandbox.Stripe.SavedCardAsync(customer);
        await portal.Service<CardService>().SaveAsync(card, tenant.Id);
        var start = await portal.Service<PurchaseService>().StartAsync(
            tenant.Id, new StartPurchase { PackageId = "credits-1000", PaymentMethodId = card }, Ids.New().ToString());
        return (tenant, start.Purchase!.PaymentIntentId!);
    }
}
