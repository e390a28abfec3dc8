using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Providers.Payments;
using BillingPortal.Tests.Purchases;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Cards;

/// <summary>Saved cards against a Stripe over HTTP: who reports first, twice or late does not matter.</summary>
public sealed class CardTests(PaidPortal portal) : IClassFixture<PaidPortal>, IAsyncLifetime
{
    private CardSetupService Setups => portal.Services.GetRequiredService<CardSetupService>();

    private CardNews News => portal.Services.GetRequiredService<CardNews>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await portal.Sandbox.ResetAsync();

    [Fact]
    public async Task Racing_callers_make_one_customer()
    {
        var tenant = await portal.TenantAsync(name: "Race & Co");

        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return await portal.Cards.EnsureCustomerAsync(tenant.Id);
            }
            catch (BillingPortal.Providers.ProviderException busy) when (busy.IsRetryable)
            {
                return await portal.Cards.EnsureCustomerAsync(tenant.Id);
            }
        }));

        Assert.Single(ids.Distinct());
    }

    // Stripe made the customer, and its answer was lost: the stored key finds it.
    [Fact]
    public async Task A_lost_answer_makes_no_second_customer()
    {
        var tenant = await portal.TenantAsync();
        await portal.Sandbox.FaultAsync("timeout_after", path: "customers");
        await Assert.ThrowsAsync<BillingPortal.Providers.ProviderException>(
            () => portal.Cards.EnsureCustomerAsync(tenant.Id));

        var found = await portal.Cards.EnsureCustomerAsync(tenant.Id);

        var created = await portal.Sandbox.Stripe.EventsAsync("customer.created");
        Assert.Single(
            created, one => (string?)one["data"]!["object"]!["metadata"]!["tenant_id"] == tenant.Id.ToString());
        Assert.Equal(found, await portal.Cards.EnsureCustomerAsync(tenant.Id));
    }

    [Fact]
    public async Task A_card_is_added_by_a_setup_that_the_browser_finishes()
    {
        var buyer = await portal.BuyerAsync();
        var setup = (await Setups.BeginAsync(buyer.Id))!;
        Assert.Equal(SaveOutcome.NotYet, (await Setups.FinishAsync(setup.SetupIntentId, buyer.Id)).Outcome);

        await portal.Sandbox.Stripe.PostAsync(
            $"setup_intents/{setup.SetupIntentId}/confirm", ("payment_method", "pm_card_mastercard"), (
                "return_url", "http://localhost/"));
        var method =
            (await portal.Sandbox.Stripe.GetAsync($"setup_intents/{setup.SetupIntentId}")).Text("payment_method")!;
        var reports = await Task.WhenAll(
            Setups.FinishAsync(setup.SetupIntentId, buyer.Id), Setups.FinishAsync(setup.SetupIntentId),
            Setups.FinishAsync(setup.SetupIntentId), portal.Cards.SaveAsync(method));

        Assert.All(reports, report => Assert.Equal(SaveOutcome.Saved, report.Outcome));
        var card = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        Assert.Equal(
            ("mastercard", "4444", true, CardState.Active), (card.Brand, card.Last4, card.IsDefault, card.State));
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "Your bank declined the card.")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "The card has expired.")]
    public async Task A_card_that_cannot_be_saved_says_why(string card, string reason)
    {
        var buyer = await portal.BuyerAsync();
        var setup = (await Setups.BeginAsync(buyer.Id))!;

        await portal.Sandbox.Stripe.PostAsync(
            $"setup_intents/{setup.SetupIntentId}/confirm", ("payment_method", card), (
                "return_url", "http://localhost/"));
        var refused = await Setups.FinishAsync(setup.SetupIntentId, buyer.Id);

        Assert.Equal((SaveOutcome.Refused, reason), (refused.Outcome, refused.Decline!.Reason));
        Assert.Empty(await portal.Cards.ListAsync(buyer.Id));
    }

    [Fact]
    public async Task Another_tenants_setup_or_card_is_not_ours()
    {
        var (buyer, thief) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var setup = (await Setups.BeginAsync(buyer.Id))!;
        var card = await buyer.SaveCardAsync();

        Assert.Equal(SaveOutcome.NotOurs, (await Setups.FinishAsync(setup.SetupIntentId, thief.Id)).Outcome);
        Assert.Equal(SaveOutcome.NotOurs, (await portal.Cards.SaveAsync(card, thief.Id)).Outcome);
        Assert.False(await portal.Cards.RemoveAsync(thief.Id, card));
        Assert.False(await portal.Cards.SetDefaultAsync(thief.Id, card));
        Assert.Single(await portal.Cards.ListAsync(buyer.Id));
    }

    [Fact]
    public async Task The_same_card_saved_twice_is_one_row_with_the_younger_payment_method()
    {
        var buyer = await portal.BuyerAsync();
        var first = await buyer.SaveCardAsync();
        var before = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(5));

        var second = await buyer.SaveCardAsync();
        await portal.Cards.SaveAsync(first); // a late event about the older one

        var after = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        Assert.Equal((before.Id, second, true), (after.Id, after.PaymentMethodId, after.IsDefault));
    }

    [Fact]
    public async Task There_is_one_default_however_many_choose_at_once()
    {
        var buyer = await portal.BuyerAsync();
        string[] cards = [await buyer.SaveCardAsync(), await buyer.SaveCardAsync("pm_card_mastercard"),
            await buyer.SaveCardAsync("pm_card_amex")];

        await Task.WhenAll(cards.Concat(cards).Select(card => portal.Cards.SetDefaultAsync(buyer.Id, card)));
        await portal.Cards.SetDefaultAsync(buyer.Id, cards[1]);

        Assert.Equal(
            cards[1], Assert.Single(await portal.Cards.ListAsync(buyer.Id), card => card.IsDefault).PaymentMethodId);
        var customer = await portal.Sandbox.Stripe.GetAsync($"customers/{buyer.CustomerId}");
        Assert.Equal(cards[1], (string?)customer.Json["invoice_settings"]!["default_payment_method"]);
    }

    [Fact]
    public async Task A_default_chosen_at_Stripe_becomes_ours()
    {
        var buyer = await portal.BuyerAsync();
        var (_, second) = (await buyer.SaveCardAsync(), await buyer.SaveCardAsync("pm_card_mastercard"));
        await portal.Sandbox.Stripe.PostAsync(
            $"customers/{buyer.CustomerId}", ("invoice_settings[default_payment_method]", second));

        await News.SyncDefaultAsync(buyer.CustomerId, default);

        Assert.True((await portal.Cards.ListAsync(buyer.Id)).Single(card => card.PaymentMethodId == second).IsDefault);
    }

    [Fact]
    public async Task Cards_are_put_in_order()
    {
        var buyer = await portal.BuyerAsync();
        string[] saved = [await buyer.SaveCardAsync(), await buyer.SaveCardAsync("pm_card_mastercard"),
            await buyer.SaveCardAsync("pm_card_amex")];
        var ids = (await portal.Cards.ListAsync(buyer.Id)).ToDictionary(card => card.PaymentMethodId, card => card.Id);

        await portal.Cards.ReorderAsync(buyer.Id, [ids[saved[2]], ids[saved[0]]]);

        Assert.Equal([saved[2], saved[0], saved[1]],
            (await portal.Cards.ListAsync(buyer.Id)).Select(card => card.PaymentMethodId));
    }

    [Fact]
    public async Task Removing_the_default_makes_the_next_one_the_default()
    {
        var buyer = await portal.BuyerAsync();
        var (first, second) = (await buyer.SaveCardAsync(), await buyer.SaveCardAsync("pm_card_mastercard"));

        Assert.True(await portal.Cards.RemoveAsync(buyer.Id, first));
        Assert.False(await portal.Cards.RemoveAsync(buyer.Id, first));

        var left = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        Assert.Equal((second, true), (left.PaymentMethodId, left.IsDefault));
        Assert.Null((await portal.Sandbox.Stripe.GetAsync($"payment_methods/{first}")).Text("customer"));
    }

    // Detached in the dashboard; told late, twice, and after it was attached news.
    [Fact]
    public async Task A_card_detached_at_Stripe_is_removed_here()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        await portal.Sandbox.Stripe.PostAsync($"payment_methods/{card}/detach");

        await News.RefreshAsync(card, default);
        await News.RefreshAsync(card, default);

        Assert.Empty(await portal.Cards.ListAsync(buyer.Id));
    }

    [Fact]
    public async Task A_card_renewed_by_its_network_is_good_again()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        await MarkAsync(buyer, card, DeclineClass.NewCardNeeded);
        Assert.Equal(CardState.NeedsAttention, (await portal.Cards.ListAsync(buyer.Id)).Single().State);

        await portal.Sandbox.RenewCardAsync(card, 12, 2039);
        await News.RefreshAsync(card, default);

        var renewed = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        Assert.Equal(
            (CardState.Active, 2039, (string?)null), (renewed.State, renewed.ExpYear, renewed.LastDeclineCode));
    }

    [Theory]
    [InlineData(DeclineClass.RetryLater, CardState.Active)]
    [InlineData(DeclineClass.NewCardNeeded, CardState.NeedsAttention)]
    [InlineData(DeclineClass.BringTheCustomer, CardState.Active)]
    public async Task A_refusal_is_remembered_until_a_payment_works(DeclineClass refusal, CardState state)
    {
        var buyer = await portal.BuyerAsync();
        var id = await buyer.SaveCardAsync();

        await MarkAsync(buyer, id, refusal);
        var refused = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = id });
        var works = Assert.Single(await portal.Cards.ListAsync(buyer.Id));

        Assert.Equal((state, "insufficient_funds"), (refused.State, refused.LastDeclineCode));
        Assert.Equal((CardState.Active, (string?)null), (works.State, works.LastDeclineCode));
    }

    [Theory]
    [InlineData(2026, 10, CardState.Expired)]
    [InlineData(2026, 11, CardState.Expiring)]
    [InlineData(2026, 12, CardState.Active)]
    public void A_card_is_good_until_the_last_day_of_its_month(int year, int month, CardState state)
    {
        var card = new SavedCard { ExpYear = year, ExpMonth = month, State = CardState.Active };

        Assert.Equal(state, CardPolicy.StateOf(card, new DateOnly(2026, 11, 20), noticeDays: 30));
    }

    [Theory]
    [InlineData("fraudulent")]
    [InlineData("lost_card")]
    [InlineData("stolen_card")]
    [InlineData("pickup_card")]
    [InlineData("merchant_blacklist")]
    public void A_reason_that_would_help_a_thief_reads_like_any_refusal(string code) =>
        Assert.Equal(DeclineText.For("generic_decline"), DeclineText.For(code));

    private async Task MarkAsync(Buyer buyer, string card, DeclineClass refusal)
    {
        await using var unit = await portal.Services.GetRequiredService<Database>().BeginAsync(buyer.Id);
        await portal.Cards.MarkNeedsAttentionAsync(
            unit, card, new Decline("card_declined", "insufficient_funds", null, refusal, card));
        await unit.CommitAsync();
    }
}
