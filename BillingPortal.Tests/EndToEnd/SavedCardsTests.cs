using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Providers.Payments;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The page of saved cards, as a person uses it.</summary>
public sealed class SavedCardsTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private CardService Cards => portal.Service<CardService>();

    [Fact]
    public async Task The_first_card_is_added_and_is_the_default()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/cards");
        await Expect(browser.Page.GetByText("No saved card yet")).ToBeVisibleAsync();
        await ExamineAsync(browser, "cards-none");

        await AddAsync(browser, "5555555555554444");

        await Expect(Row(browser, "4444")).ToContainTextAsync("Default");
        Assert.True(Assert.Single(await Cards.ListAsync(browser.Tenant.Id)).IsDefault);
    }

    [Fact]
    public async Task A_card_that_asks_for_the_bank_is_saved_after_its_challenge()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/cards");

        await AddAsync(browser, "4000002500003155");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();

        await Expect(Row(browser, "3155")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refused_card_is_not_saved_and_says_why()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/cards");

        await AddAsync(browser, "4000000000000002");

        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your bank declined the card.");
        Assert.Empty(await Cards.ListAsync(browser.Tenant.Id));
    }

    [Fact]
    public async Task Cards_are_ordered_made_default_and_removed()
    {
        await using var browser = await portal.SignedInAsync();
        await SaveAsync(browser, "pm_card_visa");
        await SaveAsync(browser, "pm_card_mastercard");
        var refused = await SaveAsync(browser, "pm_card_amex");
        await RefuseAsync(browser, refused);
        await browser.OpenAsync("/cards");
        await ExamineAsync(browser, "cards-three");
        await Expect(Row(browser, "0005")).ToContainTextAsync("The card does not have enough funds.");

        await browser.Page.GetByLabel("Try American Express ••0005 earlier").ClickAsync();
        await Expect(Rows(browser).Nth(1)).ToContainTextAsync("0005");
        await browser.Page.GetByLabel("Make Mastercard ••4444 the default").ClickAsync();
        await Expect(Rows(browser).Nth(0)).ToContainTextAsync("4444");
        await browser.Page.GetByLabel("Remove Visa ••4242").ClickAsync();
        await Expect(browser.Page.GetByText("Remove Visa ••4242?")).ToBeVisibleAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Remove card" }).ClickAsync();

        await Expect(Rows(browser)).ToHaveCountAsync(2);
        Assert.Equal(["4444", "0005"], (await Cards.ListAsync(browser.Tenant.Id))
            .OrderByDescending(card => card.IsDefault).Select(card => card.Last4));
    }

    // Removed in Stripe's dashboard, or in another tab: the page follows by itself.
    [Fact]
    public async Task The_page_follows_what_happens_elsewhere()
    {
        await using var browser = await portal.SignedInAsync();
        var card = await SaveAsync(browser, "pm_card_visa");
        await browser.OpenAsync("/cards");
        await Expect(Rows(browser)).ToHaveCountAsync(1);

        await Cards.RemoveAsync(browser.Tenant.Id, card);

        await Expect(browser.Page.GetByText("No saved card yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_viewer_looks_and_changes_nothing()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        await SaveAsync(browser, "pm_card_visa");

        await browser.OpenAsync("/cards");

        await Expect(Rows(browser)).ToHaveCountAsync(1);
        await Expect(browser.Page.Locator("main").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    private static ILocator Rows(PortalPage browser) => browser.Page.Locator(".card-row");

    private static ILocator Row(PortalPage browser, string last4) =>
        browser.Page.Locator(".card-row", new() { HasText = last4 });

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task AddAsync(PortalPage browser, string number)
    {
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Add card" }).ClickAsync();
        await browser.Page.GetByLabel("Card number").FillAsync(number);
        await browser.Page.GetByLabel("Expiry (MM / YY)").FillAsync("12 / 39");
        await browser.Page.GetByLabel("Security code").FillAsync("123");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save card" }).ClickAsync();
    }

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[]
        {
            ("1440-light", new Look()), ("1440-dark", new Look(IsDark: true)), ("390-light", Look.Phone),
        })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }

    private async Task<string> SaveAsync(PortalPage browser, string card)
    {
        var customer = await Cards.EnsureCustomerAsync(browser.Tenant.Id);
        return (await Cards.SaveAsync(
            await portal.Sandbox.Stripe.SavedCardAsync(customer, card))).Card!.PaymentMethodId;
    }

    private async Task RefuseAsync(PortalPage browser, string card)
    {
        await using var unit = await portal.Service<Database>().BeginAsync(browser.Tenant.Id);
        await Cards.MarkNeedsAttentionAsync(
            unit, card, new Decline("card_declined", "insufficient_funds", null, DeclineClass.RetryLater, card));
        await unit.CommitAsync();
    }
}
