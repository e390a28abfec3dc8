using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Purchases;

/// <summary>The parts of the page Buy credits, state by state.</summary>
public sealed class PurchaseComponentTests : BunitContext
{
    public PurchaseComponentTests() => Services.AddScoped<CurrentTenant>();

    [Theory]
    [InlineData(PurchaseState.Processing, null, "the credits are on the way")]
    [InlineData(PurchaseState.RequiresAction, null, "will be charged once you have confirmed")]
    [InlineData(PurchaseState.Started, null, "have no answer yet. Do not pay again")]
    [InlineData(PurchaseState.Started, "amount_differs", "Do not pay again: our staff has been told")]
    public void Each_state_says_whether_money_moved_and_what_to_do(PurchaseState state, string? review, string words)
    {
        var result = Render<PurchaseResult>(parameters => parameters
            .Add(part => part.Purchase, Purchase(state, review)).Add(part => part.TenantName, "Acme Voice"));

        Assert.Contains(words, result.Markup.Replace("\n", " ").Replace("  ", " "));
        Assert.DoesNotContain("Payment received", result.Markup);
        Assert.Equal("polite", result.Find("section").GetAttribute("aria-live"));
    }

    [Fact]
    public void A_success_is_a_receipt_with_every_figure()
    {
        var purchase = Purchase(PurchaseState.Settled, review: null);

        var result = Render<PurchaseResult>(parameters => parameters
            .Add(part => part.Purchase, purchase).Add(part => part.TenantName, "Acme Voice")
            .Add(part => part.Balance, Balance(1020)));

        Assert.Contains("1,000 credits and a bonus of 20 credits were", result.Markup);
        Assert.Equal(
            ["$22.00", "Visa ••4242", "20 Nov 2026, 12:00", PurchaseTexts.ReceiptNumber(purchase), "1,020 credits"],
            result.FindAll("dd").Select(figure => figure.TextContent.Trim()));
    }

    [Fact]
    public void The_summary_shows_what_is_charged_and_where_the_balance_ends()
    {
        var summary = Render<PurchaseSummary>(parameters => parameters
            .Add(part => part.Balance, Balance(30))
            .Add(part => part.Offer,
                new Offer(Amount.Credits(1000), Amount.Credits(20), 2200, "credits-1000", false, true)));

        Assert.Equal(
            ["1,000 credits", "+20 credits", "30 credits", "1,050 credits", "$22.00"],
            summary.FindAll("dd").Select(figure => figure.TextContent.Trim()));
    }

    // 30 owed: a top-up of 100 first pays it, and 70 are left to use.
    [Fact]
    public void The_summary_says_that_a_debt_is_paid_first()
    {
        var summary = Render<PurchaseSummary>(parameters => parameters
            .Add(part => part.Balance, Balance(0) with { Debt = Amount.Credits(30) })
            .Add(part => part.Offer,
                new Offer(Amount.Credits(100), Amount.Credits(0), 280, "credits-100", false, false)));

        Assert.Contains("Pays your debt first", summary.Markup);
        Assert.Contains("70 credits", summary.Markup);
    }

    [Fact]
    public void Packages_are_radio_buttons_and_the_cheapest_per_credit_is_marked()
    {
        var form = new PurchaseForm { PackageCode = "credits-50" };
        var picker = Render<PackagePicker>(parameters => parameters
            .Add(part => part.Form, form)
            .Add(part => part.Packages, [Package(50, 150), Package(100, 280), Package(2500, 5000)])
            .Add(part => part.Bonus, Amount.Credits(20)));

        picker.Find("input[value=credits-100]").Change("credits-100");

        Assert.Equal("credits-100", form.PackageCode);
        Assert.Contains("2,500", picker.Find(".package-mark").ParentElement!.TextContent);
        Assert.Equal(4, picker.FindAll("input[type=radio][name=package]").Count);
        Assert.Equal(3, picker.FindAll(".package-bonus").Count);
    }

    [Fact]
    public void Typing_an_amount_chooses_it()
    {
        var form = new PurchaseForm { PackageCode = "credits-50" };
        var picker = Render<PackagePicker>(parameters => parameters.Add(part => part.Form, form));

        picker.Find("input[type=text]").Input("$1,075.50");

        Assert.True(form.IsCustom);
        Assert.Equal(1075.50m, form.ToRequest()!.CustomAmount);
    }

    private static CreditPackage Package(long credits, int cents) =>
        new(Ids.New(), $"credits-{credits}", credits, cents);

    private static Balance Balance(decimal credits) => new(
        Unit.Credits, Amount.Credits(credits), Amount.Credits(0), Amount.Credits(credits), Amount.Credits(0));

    private static Purchase Purchase(PurchaseState state, string? review) => new()
    {
        Id = Ids.New(),
        TenantId = Ids.New(),
        Kind = PurchaseKind.OnSession,
        Unit = Unit.Credits,
        CreditsE4 = 1000 * Amount.Scale,
        BonusE4 = 20 * Amount.Scale,
        PriceCents = 2200,
        State = state,
        ReviewReason = review,
        CardBrand = "visa",
        CardLast4 = "4242",
        AskedAt = state is PurchaseState.Started ? new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero) : null,
        SettledAt = state is PurchaseState.Settled ? new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero) : null,
        CreatedAt = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
    };
}
