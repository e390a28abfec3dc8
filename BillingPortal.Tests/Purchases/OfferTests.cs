using BillingPortal.Kernel;
using BillingPortal.Purchases;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Purchases;

/// <summary>What a request buys and costs, and the bonus for switching auto-recharge on.</summary>
public sealed class OfferTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private static readonly StartPurchase WithRecharge = Buyer.Package250 with { EnableAutoRecharge = true };

    private PurchaseQuotes Quotes => portal.Services.GetRequiredService<PurchaseQuotes>();

    [Theory]
    [InlineData("credits-250", null, null, 250, 650)]
    [InlineData(null, "100", null, 5000, 10000)] // dearest package within $100: 2500 for $50, 2 cents each
    [InlineData(null, "1.00", null, 33, 100)] // none is within $1: the smallest, 3 cents each, rounded down
    [InlineData(null, null, 100L, 100, 280)] // what a package holds is that package
    [InlineData(null, null, 120L, 120, 336)] // 120 × 2.8 cents
    public async Task A_purchase_is_priced_by_the_packages(
        string? package, string? amount, long? credits, int gets, int cents)
    {
        var buyer = await portal.BuyerAsync();

        var quote = await Quotes.QuoteAsync(buyer.Id, new StartPurchase
        {
            PackageId = package,
            CustomAmount = amount is null ? null
                : decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture),
            CustomCredits = credits,
        });

        Assert.Equal((Amount.Credits(gets), cents), (quote.Offer!.Credits, quote.Offer.PriceCents));
    }

    [Theory]
    [InlineData("0.99")]
    [InlineData("10000.01")]
    [InlineData("5.005")]
    [InlineData("-5")]
    public async Task An_amount_out_of_bounds_is_refused_in_plain_words(string amount)
    {
        var buyer = await portal.BuyerAsync();
        var usd = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);

        foreach (var unit in new[] { Unit.Credits, Unit.Usd })
        {
            var start = await buyer.StartAsync(new StartPurchase { CustomAmount = usd, Unit = unit });
            Assert.Equal(
                (StartOutcome.Invalid, "customAmount must be from $1.00 to $10,000.00, in whole cents."), (
                    start.Outcome, start.Detail));
        }
    }

    [Fact]
    public async Task Exactly_one_thing_is_bought_at_a_time()
    {
        var buyer = await portal.BuyerAsync();

        Assert.Equal(StartOutcome.Invalid, (await buyer.StartAsync(new StartPurchase())).Outcome);
        Assert.Equal(
            StartOutcome.Invalid, (await buyer.StartAsync(Buyer.Package250 with { CustomAmount = 5 })).Outcome);
        Assert.Equal(StartOutcome.UnknownPackage,
            (await buyer.StartAsync(new StartPurchase { PackageId = "credits-7" })).Outcome);
    }

    [Fact]
    public async Task Wallet_funds_are_bought_one_to_one_and_without_a_bonus()
    {
        var buyer = await portal.BuyerAsync(Unit.Usd);

        var paid = await buyer.PayAsync(
            request: new StartPurchase { CustomAmount = 20.50m, Unit = Unit.Usd, EnableAutoRecharge = true });

        Assert.Equal((StartOutcome.Settled, 0L), (paid.Outcome, paid.Purchase!.BonusE4));
        Assert.Equal((20.50m, 0m), (await buyer.BalanceAsync(Unit.Usd), await buyer.BalanceAsync()));
    }

    [Fact]
    public async Task Auto_recharge_is_switched_on_for_the_plans_own_account_only()
    {
        var buyer = await portal.BuyerAsync();

        Assert.Equal(StartOutcome.Invalid, (await buyer.StartAsync(
            new StartPurchase { CustomAmount = 20, Unit = Unit.Usd, EnableAutoRecharge = true })).Outcome);
    }

    [Fact]
    public async Task The_first_purchase_that_switches_auto_recharge_on_brings_a_bonus_of_20()
    {
        var buyer = await portal.BuyerAsync();

        var first = await buyer.PayAsync(request: WithRecharge);
        var second = await buyer.PayAsync(request: WithRecharge);

        Assert.Equal((20m, 0m), (first.Purchase!.Bonus.ToDecimal(), second.Purchase!.Bonus.ToDecimal()));
        Assert.Equal(250 + 20 + 250, await buyer.BalanceAsync());
    }

    // Ten are started while the bonus is still to be had, and all are paid: one gets it.
    [Fact]
    public async Task The_bonus_is_given_once_however_many_purchases_were_promised_it()
    {
        var buyer = await portal.BuyerAsync();
        var starts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => buyer.StartAsync(WithRecharge)));
        Assert.All(starts, start => Assert.Equal(20, start.Purchase!.Bonus.ToDecimal()));

        await Task.WhenAll(starts.Select(async start =>
        {
            await buyer.ConfirmAsync(start);
            await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);
        }));

        Assert.Equal((5 * 250) + 20, await buyer.BalanceAsync());
    }

    [Fact]
    public async Task A_new_card_is_saved_when_auto_recharge_is_switched_on()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync(WithRecharge);

        await buyer.ConfirmAsync(start);
        await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);

        Assert.Single(await portal.Cards.ListAsync(buyer.Id));
    }
}
