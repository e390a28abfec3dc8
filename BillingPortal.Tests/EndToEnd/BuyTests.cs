using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Buying with the cards that a person meets, as the page tells it.</summary>
public sealed class BuyTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_paid_package_is_on_the_overview_and_the_card_is_kept_when_asked()
    {
        await using var browser = await BuyingAsync(Paying.Visa);
        await browser.SaveCardAsync();

        await browser.PayAsync();

        await browser.ExpectPaidAsync();
        await browser.ExpectTextAsync("$6.50");
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.OpenAsync("/");
        await Assertions.Expect(browser.Page.GetByTestId("available")).ToHaveTextAsync("250 credits");
        await browser.OpenAsync("/cards");
        await browser.ExpectTextAsync("4242");
    }

    [Fact]
    public async Task The_entry_of_a_purchase_leads_to_its_receipt()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.BuyAsync(Paying.Visa);
        await browser.OpenAsync("/transactions");

        await browser.Page.Locator(".transaction-table summary").First.ClickAsync();
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Show the payment" }).ClickAsync();

        await browser.ExpectTextAsync("Payment reference");
    }

    [Theory]
    [InlineData("4000000000000002", "Your bank declined the card.")]
    [InlineData("4000000000009995", "The card does not have enough funds.")]
    public async Task A_refusal_is_told_in_plain_words_and_another_card_pays_on_the_same_page(string number, string words)
    {
        await using var browser = await BuyingAsync(number);
        await browser.PayAsync();

        await browser.ExpectTextAsync(words);
        await browser.ExpectTextAsync("Nothing was charged.");
        Assert.Equal(0, await portal.BalanceAsync(browser.Tenant.Id));

        await browser.TypeCardAsync(Paying.Visa);
        await browser.PayAsync();
        await browser.ExpectPaidAsync();
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
    }

    [Theory]
    [InlineData("4000002500003155")]
    [InlineData("4000002760003184")]
    [InlineData("4000000000003220")]
    public async Task A_bank_that_asks_is_answered_in_place(string number)
    {
        await using var browser = await BuyingAsync(number);
        await browser.PayAsync();

        await browser.AnswerBankAsync("Complete");

        await browser.ExpectPaidAsync();
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
    }

    [Fact]
    public async Task A_bank_that_is_not_answered_charges_nothing()
    {
        await using var browser = await BuyingAsync("4000000000003220");
        await browser.PayAsync();

        await browser.AnswerBankAsync("Fail");

        await browser.ExpectTextAsync("Nothing was charged.");
        Assert.Equal(0, await portal.BalanceAsync(browser.Tenant.Id));
    }

    // The card can be saved, every charge of it is declined.
    [Fact]
    public async Task A_saved_card_that_is_refused_says_so_on_its_own_page()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/cards");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Add card" }).ClickAsync();
        await browser.TypeCardAsync("4000000000000341");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save card" }).ClickAsync();
        await browser.ExpectTextAsync("0341");

        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.PayAsync();

        await browser.ExpectTextAsync("Your bank declined the card.");
        await browser.OpenAsync("/cards");
        await browser.ExpectTextAsync("Refused on");
    }

    [Fact]
    public async Task A_viewer_cannot_pay_and_is_told_who_can_change_that()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);

        await browser.OpenAsync("/buy");

        await Assertions.Expect(browser.Page.GetByText("Not for your role")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.Locator("button.pay")).ToHaveCountAsync(0);
    }

    private async Task<PortalPage> BuyingAsync(string number)
    {
        var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.TypeCardAsync(number);
        return browser;
    }
}
