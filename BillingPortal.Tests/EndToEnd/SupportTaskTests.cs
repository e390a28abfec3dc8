using BillingPortal.AutoRecharge;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>What a new agent is asked on the first day, done in Chromium with what the pages say and nothing else.</summary>
[Collection(ClockedPortal.Collection)]
public sealed class SupportTaskTests(ClockedPortal clocked)
{
    private static readonly string[] ViewersPages =
    [
        "/", "/transactions", "/statements", "/wallet", "/cards", "/auto-recharge", "/sms", "/sms?view=send", "/sms?view=settings",
        "/numbers", "/voice", "/notifications", "/invoices", "/analytics", "/team", "/webhooks",
    ];

    [Fact]
    public async Task An_agent_sees_a_tenants_pages_as_they_see_them_and_returns()
    {
        var tenant = await clocked.Portal.TenantAsync(name: "Acme Voice");
        await clocked.Portal.PersonAsync(tenant, MemberRole.Owner);
        await using var agent = await clocked.StaffAsync(StaffRole.Agent);
        await agent.OpenAsync($"/staff/tenants/{tenant.Id}");
        await agent.Page.GetByLabel("Why you look").FillAsync("Ticket 4711: does not find the receipt");
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "See their portal" }).ClickAsync();
        await agent.AtAsync("/$");
        await agent.WaitForReadyAsync();
        await agent.ExamineAsync("view-overview");

        foreach (var path in ViewersPages)
        {
            await agent.OpenAsync(path);
            await Expect(agent.Page.GetByRole(AriaRole.Region, new() { Name = "Looking as staff" }))
                .ToContainTextAsync("You see Acme Voice as a viewer sees it. Nothing can be changed.");
            await Expect(agent.Page.Locator(".state-error")).ToHaveCountAsync(0);
            await Expect(agent.Page.GetByText("Something went wrong")).ToHaveCountAsync(0);
        }

        await agent.Page.GotoAsync("/staff");
        await Expect(agent.Page.GetByRole(AriaRole.Heading, new() { Name = "Not for your role" })).ToBeVisibleAsync();
        await agent.ExamineAsync("view-desk-closed");
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await agent.AtAsync($"/staff/tenants/{tenant.Id}$");
        await agent.WaitForReadyAsync();
        await Expect(agent.Page.Locator(".timeline")).ToContainTextAsync("Ticket 4711: does not find the receipt");
        await agent.OpenAsync("/staff/audit?action=tenant.view");
        await Expect(agent.Page.GetByText("stopped looking at the tenant's portal").First).ToBeVisibleAsync();
    }

    // The card is refused until auto-recharge is paused; the agent only knows the tenant's name and the question.
    [Fact]
    public async Task An_agent_finds_out_why_Acme_was_not_recharged_and_recharges_it()
    {
        await using var scene = await RecoveryScene.StartAsync(clocked, 150, ["pm_card_visa"]);
        var card = (await scene.CardAsync()).PaymentMethodId;
        await clocked.Sandbox.DeclineCardAsync(card, "insufficient_funds");
        await scene.UseAsync(60);
        await scene.AttemptAsync(AttemptState.Declined);
        await using var agent = await clocked.StaffAsync(StaffRole.Agent);
        await agent.OpenAsync("/staff");
        await agent.Page.GetByLabel("Search tenants").FillAsync(scene.Email);
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await agent.Page.GetByRole(AriaRole.Link, new() { Name = "Acme Voice" }).First.ClickAsync();
        await agent.AtAsync($"/staff/tenants/{scene.Tenant.Id}");
        await agent.WaitForReadyAsync();
        var answer = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Why was it not recharged?" });
        await Expect(answer).ToContainTextAsync("after the last refusal it tries again at");
        await Expect(answer).ToContainTextAsync("Visa ••4242 was refused for $6.50: the card does not have enough funds.");

        await scene.LaterAsync(TimeSpan.FromMinutes(61));
        await scene.AttemptAsync(AttemptState.Declined, attempts: 2);
        await scene.LaterAsync(TimeSpan.FromMinutes(361));
        await scene.AttemptAsync(AttemptState.Declined, attempts: 3);

        await Expect(answer).ToContainTextAsync("after 3 failed attempts in a row. On"); // the page follows by itself
        await Expect(answer).ToContainTextAsync("A new card or a purchase of the tenant ends the pause.");
        await agent.ExamineAsync("task-why-paused");
        await agent.OpenAsync("/staff?work=recharge_paused");
        var row = agent.Page.Locator(".work-table tr").Filter(new() { HasText = "Acme Voice" }).First;
        await Expect(row).ToContainTextAsync("After 3 failed attempts. The card does not have enough funds.");
        await agent.ExamineAsync("task-worklist");

        await clocked.Sandbox.DeclineCardAsync(card, "");
        await row.GetByRole(AriaRole.Link, new() { NameRegex = new("^Look and retry") }).ClickAsync();
        await agent.AtAsync($"/staff/tenants/{scene.Tenant.Id}");
        await agent.WaitForReadyAsync();
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "Recharge now" }).ClickAsync();
        var dialog = agent.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Visa ••4242 is charged $6.50 at once, as the tenant's own rule says.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Charge $6.50" }).ClickAsync();
        await Expect(answer).ToContainTextAsync("270 credits added.");
        await Expect(answer).ToContainTextAsync("Not recharged, because there was no need: 360 credits are available");
        await Expect(agent.Page.Locator(".timeline")).ToContainTextAsync("asked to recharge 250 credits for $6.50.");
        await agent.OpenAsync("/staff/metrics?days=7");
        var declines = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Success by decline code" });
        await Expect(declines).ToContainTextAsync("insufficient_funds");
        await agent.ExamineAsync("task-metrics");
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
