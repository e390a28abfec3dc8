using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Ways to pay beside the typed card, as a person meets them: bank account, Apple Pay, Google Pay.</summary>
public sealed class BankAndWalletTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_bank_payment_is_on_its_way_until_the_bank_has_paid_and_then_credited_once()
    {
        await using var browser = await PayingFromBankAsync("000123456789");
        await browser.ExpectTextAsync("Your payment is being processed");
        await browser.ExpectTextAsync("Bank payments take up to 5 working days");
        await Assertions.Expect(browser.Page.GetByText("Payment received")).ToHaveCountAsync(0);
        await browser.ShootAsync("buy-bank-processing-1440-light");

        await browser.Page.ReloadAsync();
        await browser.WaitForReadyAsync();
        await browser.ExpectTextAsync("Your payment is being processed");
        foreach (var page in new[] { "/", "/transactions", "/statements" })
        {
            await browser.OpenAsync(page);
            await browser.ExpectTextAsync("$6.50 is on its way.");
        }

        await browser.ShootAsync("bank-pending-1440-light");
        Assert.Equal(0, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.OpenAsync("/");
        await portal.Sandbox.DecidePaymentAsync(await IntentAsync(browser));

        await Assertions.Expect(browser.Page.GetByTestId("available")).ToHaveTextAsync("250 credits");
        await Assertions.Expect(browser.Page.GetByText("is on its way.")).ToHaveCountAsync(0);
        await browser.OpenAsync("/cards");
        await Assertions.Expect(browser.Page.GetByText("6789")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_bank_payment_that_fails_is_told_in_plain_words_and_credits_nothing()
    {
        await using var browser = await PayingFromBankAsync("000222222227");
        await browser.ExpectTextAsync("Your payment is being processed");

        await portal.Sandbox.DecidePaymentAsync(await IntentAsync(browser), succeeds: false);

        await browser.ExpectTextAsync("There was not enough money in the bank account.");
        await browser.ExpectTextAsync("Nothing was charged.");
        Assert.Equal(0, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.TypeCardAsync(Paying.Visa);
        await browser.PayAsync();
        await browser.ExpectPaidAsync();
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
    }

    [Theory]
    [InlineData("Apple Pay")]
    [InlineData("Google Pay")]
    public async Task A_wallet_pays_at_once(string wallet)
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = wallet }).ClickAsync();
        await browser.PayAsync();

        await browser.ExpectPaidAsync();
        await browser.ExpectTextAsync($"{wallet} ••4242");
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
    }

    private async Task<PortalPage> PayingFromBankAsync(string account)
    {
        var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "US bank account" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByText("Switch on auto-recharge")).ToHaveCountAsync(0); // needs a card
        await browser.ExpectTextAsync("The account is not saved");
        await browser.Page.GetByLabel("Account holder").FillAsync("Acme Voice LLC");
        await browser.Page.GetByLabel("Routing number").FillAsync("110000000");
        await browser.Page.GetByLabel("Account number").FillAsync(account);
        await browser.ShootAsync("buy-bank-1440-light");
        await browser.LookAsync(new Look(390, 844, IsDark: true));
        await browser.ShootAsync("buy-bank-390-dark");
        await browser.AssertFitsAsync();
        await browser.AssertAccessibleAsync();
        await browser.LookAsync(new Look());
        await browser.PayAsync();
        return browser;
    }

    private async Task<string> IntentAsync(PortalPage browser) => Assert.Single(
        await portal.Service<PurchaseReader>().OnTheWayAsync(browser.Tenant.Id)).PaymentIntentId!;
}
