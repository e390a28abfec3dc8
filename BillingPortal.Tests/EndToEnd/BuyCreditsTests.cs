using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>
/// The page Buy credits beyond the plain way through: reloads, changes of mind, waiting, and how each state looks.
/// </summary>
public sealed class BuyCreditsTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_new_card_buys_credits_is_saved_and_the_receipt_is_shown()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "250");
        await Expect(browser.Page.GetByText("Balance after")).ToBeVisibleAsync();

        await browser.TypeCardAsync(Paying.Visa);
        await PressPayAsync(browser, "Pay $6.50 for Acme Voice");

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        await Expect(Content(browser)).ToContainTextAsync("250 credits were added to Acme Voice.");
        await Expect(Content(browser)).ToContainTextAsync("Visa ••4242");
        await Expect(Content(browser)).ToContainTextAsync("Payment reference");
        await ExamineAsync(browser, "buy-success");
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
        Assert.Equal("4242", Assert.Single(await portal.Service<CardService>().ListAsync(browser.Tenant.Id)).Last4);
    }

    [Fact]
    public async Task A_stolen_card_is_refused_without_saying_so_and_another_one_pays()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "100");
        await browser.TypeCardAsync("4000000000009979");
        await PressPayAsync(browser, "Pay $2.80 for Acme Voice");

        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your bank declined the card.");
        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was charged.");
        await Expect(Content(browser)).Not.ToContainTextAsync("stolen");
        await ExamineAsync(browser, "buy-declined");

        await browser.TypeCardAsync(Paying.Visa);
        await PressPayAsync(browser, "Pay $2.80 for Acme Voice");
        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        await AssertPaidOnceAsync(browser, 280, 100);
    }

    // The page is reloaded while the bank waits: the same attempt goes on, and is paid once.
    [Fact]
    public async Task A_reload_in_the_middle_of_a_payment_goes_on_with_it()
    {
        await using var browser = await portal.SignedInAsync();
        await SaveCardAsync(browser, "pm_card_authenticationRequired");
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "100");
        await PressPayAsync(browser, "Pay $2.80 for Acme Voice");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).WaitForAsync();

        await browser.Page.ReloadAsync();
        await browser.WaitForReadyAsync();
        await Expect(Heading(browser, "Your bank asks you to confirm")).ToBeVisibleAsync();
        await ExamineAsync(browser, "buy-requires-action");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm with my bank" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        await AssertPaidOnceAsync(browser, 280, 100);
    }

    // Paid elsewhere (webhook, other tab) while the page waits: it follows by itself.
    [Fact]
    public async Task A_payment_in_processing_becomes_a_success_by_itself()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "100");
        await browser.TypeCardAsync("4000000000000804");
        await PressPayAsync(browser, "Pay $2.80 for Acme Voice");
        await Expect(Heading(browser, "Your payment is being processed")).ToBeVisibleAsync();

        await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(6));
        var purchase = Assert.Single(await portal.Service<PurchaseReader>().ListAsync(browser.Tenant.Id, 5));
        await SettleWhenPaidAsync(purchase.PaymentIntentId!);

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_double_click_charges_a_saved_card_once()
    {
        await using var browser = await portal.SignedInAsync();
        await SaveCardAsync(browser, "pm_card_visa");
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "1,000");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Pay $22.00 for Acme Voice" }).DblClickAsync();

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        await AssertPaidOnceAsync(browser, 2200, 1000);
    }

    [Fact]
    public async Task A_custom_amount_shows_what_it_brings_and_where_it_ends()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/buy");
        var amount = browser.Page.GetByLabel("Custom amount in US dollars");

        await amount.FillAsync("75");
        await Expect(Pay(browser, "Pay $75.00 for Acme Voice")).ToBeEnabledAsync();
        await Expect(Content(browser)).ToContainTextAsync("3,750 credits");
        await amount.FillAsync("0.20");
        await Expect(Content(browser)).ToContainTextAsync("The amount must be from $1.00 to $10,000.00");
        await Expect(Pay(browser, "Choose an amount")).ToBeDisabledAsync();
        await amount.FillAsync("12x");
        await Expect(Content(browser)).ToContainTextAsync("That is not an amount.");
    }

    [Fact]
    public async Task Changing_the_choice_after_a_decline_cancels_the_first_payment()
    {
        await using var browser = await portal.SignedInAsync();
        await SaveCardAsync(browser, "pm_card_chargeCustomerFail");
        await SaveCardAsync(browser, "pm_card_mastercard");
        await browser.OpenAsync("/buy");
        await ChooseAsync(browser, "100");
        await PressPayAsync(browser, "Pay $2.80 for Acme Voice");
        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        await ChooseAsync(browser, "250");
        await browser.Page.GetByText("Mastercard").ClickAsync();
        await PressPayAsync(browser, "Pay $6.50 for Acme Voice");

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        var purchases = await portal.Service<PurchaseReader>().ListAsync(browser.Tenant.Id, 5);
        Assert.Equal([PurchaseState.Settled, PurchaseState.Failed], purchases.Select(purchase => purchase.State));
        await AssertPaidOnceAsync(browser, 650, 250);
    }

    [Fact]
    public async Task Wallet_funds_are_added_on_the_wallet_plan()
    {
        await using var browser = await portal.SignedInAsync(plan: Unit.Usd, name: "Bolt Logistics");
        await browser.OpenAsync("/buy");
        await ExamineAsync(browser, "buy-wallet");
        await ChooseAsync(browser, "$50");
        await browser.TypeCardAsync(Paying.Visa);
        await PressPayAsync(browser, "Pay $50.00 for Bolt Logistics");

        await Expect(Heading(browser, "Payment received")).ToBeVisibleAsync();
        Assert.Equal(50, await portal.BalanceAsync(browser.Tenant.Id, Unit.Usd));
    }

    [Fact]
    public async Task The_page_fits_and_is_accessible_with_saved_cards()
    {
        await using var browser = await portal.SignedInAsync();
        await SaveCardAsync(browser, "pm_card_visa");
        await SaveCardAsync(browser, "pm_card_amex");
        await browser.OpenAsync("/buy");
        await browser.Page.GetByText("Switch on auto-recharge").ClickAsync();
        await Expect(Content(browser)).ToContainTextAsync("+20 credits");

        await ExamineAsync(browser, "buy-saved-card");
    }

    private static ILocator Content(PortalPage browser) => browser.Page.Locator("main");

    private static ILocator Heading(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Heading, new() { Name = name });

    private static ILocator Pay(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = name });

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static Task ChooseAsync(PortalPage browser, string what) =>
        browser.Page.Locator(".package", new() { HasText = what }).First.ClickAsync();

    private static Task PressPayAsync(PortalPage browser, string name) => Pay(browser, name).ClickAsync();

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

    private async Task SaveCardAsync(PortalPage browser, string card)
    {
        var customer = await portal.Service<CardService>().EnsureCustomerAsync(browser.Tenant.Id);
        await portal.Service<CardService>().SaveAsync(await portal.Sandbox.Stripe.SavedCardAsync(customer, card));
    }

    private async Task SettleWhenPaidAsync(string intentId)
    {
        while ((await portal.Sandbox.Stripe.GetAsync($"payment_intents/{intentId}")).Text("status") != "succeeded")
        {
            await Task.Yield();
        }

        await portal.Service<PurchaseService>().SettleAsync(intentId);
    }

    private async Task AssertPaidOnceAsync(PortalPage browser, long cents, decimal credits)
    {
        var customer = await portal.Service<CardService>().EnsureCustomerAsync(browser.Tenant.Id);
        var payments = await portal.Sandbox.PaymentsAsync(customer);
        Assert.Equal((1, cents), (payments.SucceededCharges, payments.SucceededAmount));
        Assert.Equal(credits, await portal.BalanceAsync(browser.Tenant.Id));
    }
}
