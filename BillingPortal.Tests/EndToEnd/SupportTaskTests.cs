using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>What a new agent is asked on the first day, done in Chromium with what the pages say and nothing else.</summary>
public sealed class SupportTaskTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly string[] ViewersPages =
    [
        "/", "/transactions", "/statements", "/wallet", "/cards", "/auto-recharge", "/sms", "/sms?view=send", "/sms?view=settings",
        "/numbers", "/voice", "/notifications", "/invoices",
    ];

    [Fact]
    public async Task An_agent_sees_a_tenants_pages_as_they_see_them_and_returns()
    {
        var tenant = await portal.Portal.TenantAsync(name: "Acme Voice");
        await portal.Portal.PersonAsync(tenant, MemberRole.Owner);
        await using var agent = await portal.StaffAsync(StaffRole.Agent);
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

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
