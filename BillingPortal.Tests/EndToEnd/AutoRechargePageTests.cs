using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The page Auto-recharge and the page that finishes 3-D Secure, as people use them.</summary>
public sealed class AutoRechargePageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly (string Name, Look Look)[] Looks =
    [
        ("1440-light", new Look()),
        ("1440-dark", new Look(IsDark: true)),
        ("390-dark", Look.Phone with { IsDark = true }),
        ("390-light", Look.Phone),
    ];

    [Fact]
    public async Task A_new_tenant_sets_it_up_and_reads_what_it_does()
    {
        await using var browser = await portal.SignedInAsync();
        await CardAsync(browser.Tenant, "pm_card_visa");
        await CreditAsync(browser.Tenant, 500);
        await browser.OpenAsync("/auto-recharge");
        await Expect(browser.Page.GetByText("Auto-recharge is off.")).ToBeVisibleAsync();

        await browser.Page.GetByLabel("Recharge automatically").CheckAsync();
        await browser.Page.GetByLabel("When less than this is left").FillAsync("120");
        await browser.Page.GetByLabel("Amount to buy").FillAsync("250");
        await Expect(browser.Page.GetByTestId("example")).ToContainTextAsync(
            "If you fall to 119 credits, we charge Visa ••4242 $6.50 and you have 389 credits.");
        await SaveButton(browser).ClickAsync();

        await Expect(Status(browser)).ToContainTextAsync(
            "Auto-recharge is on: when less than 120 credits are left, Visa ••4242 is charged");
        var rule = await portal.Service<RechargeReader>().RuleAsync(browser.Tenant.Id);
        Assert.Equal((true, Amount.Credits(120)), (rule!.Enabled, rule.Threshold));
    }

    [Fact]
    public async Task What_makes_no_sense_is_said_at_once_and_cannot_be_saved()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/auto-recharge");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Up to a balance" }).ClickAsync();
        await browser.Page.GetByLabel("Balance to reach").FillAsync("50");

        await Expect(browser.Page.GetByTestId("example")).ToContainTextAsync("must be above the threshold");
        await Expect(SaveButton(browser)).ToBeDisabledAsync();
    }

    // 60 credits, below the threshold of 100: saving would charge at once, so it asks; a no discards what was typed.
    [Fact]
    public async Task Saving_below_the_threshold_asks_in_figures_and_a_no_discards_the_save()
    {
        await using var browser = await portal.SignedInAsync();
        await CardAsync(browser.Tenant, "pm_card_visa");
        await CreditAsync(browser.Tenant, 60);
        await browser.OpenAsync("/auto-recharge");

        await browser.Page.GetByLabel("Recharge automatically").CheckAsync();
        await SaveButton(browser).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("Visa ••4242 is charged $2.80 at once.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(browser.Page.GetByText("Nothing was changed and nothing was charged.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByLabel("Recharge automatically")).Not.ToBeCheckedAsync();
        Assert.Null(await portal.Service<RechargeReader>().RuleAsync(browser.Tenant.Id));

        await browser.Page.GetByLabel("Recharge automatically").CheckAsync();
        await SaveButton(browser).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save and charge $2.80" }).ClickAsync();

        await Expect(browser.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("$2.80");
        await Expect(browser.Page.GetByText("180 credits").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Recharge_now_asks_charges_and_shows_the_outcome()
    {
        await using var browser = await RechargingAsync(500, "pm_card_visa");
        await browser.OpenAsync("/auto-recharge");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Recharge now" }).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Charge $6.50" }).ClickAsync();

        await Expect(browser.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("270 credits added");
        await Expect(browser.Page.Locator("[data-reason=charge]")).ToContainTextAsync("$6.50");
    }

    // Usage elsewhere takes the balance below the threshold while the page is open: it follows to the outcome.
    [Fact]
    public async Task The_page_follows_a_recharge_by_itself_and_keeps_what_was_typed()
    {
        await using var browser = await RechargingAsync(150, "pm_card_visa");
        await browser.OpenAsync("/auto-recharge");
        await browser.Page.GetByLabel("Spend at most per month").FillAsync("75");
        await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");

        await PostAsync(browser.Tenant, LedgerOperation.Debit, 60);

        await Expect(browser.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("$6.50");
        await Expect(browser.Page.GetByText("360 credits").First).ToBeVisibleAsync();
        await Expect(browser.Page.GetByLabel("Spend at most per month")).ToHaveValueAsync("75");
        Assert.True(await browser.Page.EvaluateAsync<bool>("() => window.sameDocument === true"));
    }

    [Fact]
    public async Task A_declined_card_is_explained_in_plain_words()
    {
        await using var browser = await RechargingAsync(90, "pm_card_chargeCustomerFail");
        await browser.OpenAsync("/auto-recharge");

        await Expect(browser.Page.Locator("[data-state=declined]")).ToContainTextAsync("Your bank declined the card.");
        await Expect(Status(browser)).ToContainTextAsync("The last attempt failed. Your bank declined the card.");
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_can_change_nothing()
    {
        await using var admin = await RechargingAsync(500, "pm_card_visa");
        await using var viewer = await portal.SignedInAsync(admin.Tenant, MemberRole.Viewer);

        await viewer.OpenAsync("/auto-recharge");

        await Expect(viewer.Page.GetByText("You can look at the rule.")).ToBeVisibleAsync();
        await Expect(viewer.Page.GetByLabel("When less than this is left")).ToBeDisabledAsync();
        await Expect(SaveButton(viewer)).ToHaveCountAsync(0);
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Recharge now" })).ToHaveCountAsync(0);

        // Whoever enables the fields in the browser and sends the form by hand changes nothing either.
        var rules = portal.Service<RechargeReader>();
        var before = (await rules.RuleAsync(admin.Tenant.Id))!;
        await viewer.Page.EvaluateAsync("() => document.querySelectorAll('main fieldset').forEach(one => one.disabled = false)");
        await viewer.Page.GetByLabel("When less than this is left").FillAsync("55");
        await viewer.Page.EvaluateAsync("() => document.querySelector('main form').requestSubmit()");
        await viewer.OpenAsync("/cards"); // by the same circuit, after the form
        Assert.Equal(before.Threshold, (await rules.RuleAsync(admin.Tenant.Id))!.Threshold);
    }

    // The mail's link: the bank's challenge, answered in the browser, pays the same attempt once.
    [Fact]
    public async Task The_link_finishes_3d_secure_and_the_credits_arrive()
    {
        await using var browser = await RechargingAsync(90, "pm_card_authenticationRequired");
        var attempt = await WaitingAsync(browser.Tenant);

        await browser.OpenAsync($"/auto-recharge/confirm/{attempt.Id}");
        await browser.ShootAsync("auto-recharge-confirm-1440-light");
        await browser.AssertAccessibleAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm $6.50 for Acme Voice" }).ClickAsync();
        await browser.AnswerBankAsync("Complete");

        await Expect(browser.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("270 credits added.");
        await browser.OpenAsync($"/auto-recharge/confirm/{attempt.Id}");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Confirm") })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_challenge_that_fails_can_be_tried_again()
    {
        await using var browser = await RechargingAsync(90, "pm_card_authenticationRequired");
        var attempt = await WaitingAsync(browser.Tenant);
        await browser.OpenAsync($"/auto-recharge/confirm/{attempt.Id}");

        await browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Confirm") }).ClickAsync();
        await browser.AnswerBankAsync("Fail");
        await Expect(browser.Page.GetByText("The confirmation with your bank did not succeed.")).ToBeVisibleAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Confirm") }).ClickAsync();
        await browser.AnswerBankAsync("Complete");

        await Expect(browser.Page.Locator("[data-state=succeeded]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_tenants_link_shows_nothing()
    {
        await using var browser = await RechargingAsync(90, "pm_card_authenticationRequired");
        var attempt = await WaitingAsync(browser.Tenant);
        await using var stranger = await portal.SignedInAsync();

        await stranger.OpenAsync($"/auto-recharge/confirm/{attempt.Id}");

        await Expect(stranger.Page.GetByText("There is no such payment")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("working")]
    [InlineData("declined")]
    public async Task The_page_is_accessible_and_fits(string state)
    {
        await using var browser = state == "none"
            ? await portal.SignedInAsync()
            : await RechargingAsync(90, state == "working" ? "pm_card_visa" : "pm_card_chargeCustomerFail", 25);
        await browser.OpenAsync("/auto-recharge");
        if (state != "none")
        {
            var outcome = state == "working" ? "succeeded" : "declined";
            await browser.Page.Locator($"[data-state={outcome}]").WaitForAsync();
        }

        foreach (var (name, look) in Looks)
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"auto-recharge-{state}-{name}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }
    }

    private static ILocator Status(PortalPage browser) => browser.Page.Locator(".recharge-status");

    private static ILocator SaveButton(PortalPage browser) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    // A tenant with a balance, a card and a rule of 250 below 100.
    private async Task<PortalPage> RechargingAsync(decimal credits, string card, decimal? monthlyLimit = null)
    {
        var browser = await portal.SignedInAsync();
        await CardAsync(browser.Tenant, card);
        await CreditAsync(browser.Tenant, credits);
        var saved = await portal.Service<RechargeSettings>().SaveAsync(
            browser.Tenant.Id,
            new RechargeChange { Enabled = true, Threshold = 100, Amount = 250, MonthlyLimit = monthlyLimit },
            RechargeDoor.Portal);
        Assert.Null(saved.Problem);
        return browser;
    }

    private async Task CardAsync(Tenant tenant, string card)
    {
        var cards = portal.Service<CardService>();
        var id = await portal.Sandbox.Stripe.SavedCardAsync(await cards.EnsureCustomerAsync(tenant.Id), card);
        Assert.Equal(SaveOutcome.Saved, (await cards.SaveAsync(id, tenant.Id)).Outcome);
    }

    private Task CreditAsync(Tenant tenant, decimal credits) => PostAsync(tenant, LedgerOperation.Credit, credits);

    private async Task PostAsync(Tenant tenant, LedgerOperation operation, decimal credits)
    {
        var result = await portal.Service<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = operation,
            Amount = Amount.Credits(credits),
            Kind = operation is LedgerOperation.Credit ? EntryKind.Purchase : EntryKind.Usage,
            Counter = operation is LedgerOperation.Credit ? CounterAccount.CardClearing : CounterAccount.VoiceRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.Equal(PostOutcome.Posted, result.Outcome);
    }

    // The portal charges by itself once the rule is saved below its threshold.
    private async Task<RechargeAttempt> WaitingAsync(Tenant tenant)
    {
        for (var look = 0; look < 300; look++)
        {
            if ((await portal.Service<RechargeReader>().ReadAsync(tenant.Id)).Waiting is { } attempt)
            {
                return attempt;
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("No attempt waits for the cardholder.");
    }
}
