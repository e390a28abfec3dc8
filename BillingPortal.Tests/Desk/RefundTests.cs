using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Support;
using BillingPortal.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>Refunds by staff against Stripe's sandbox: once at Stripe, once in the books, whatever goes wrong in between.</summary>
public sealed class RefundTests(DeskScene scene) : IClassFixture<DeskScene>
{
    [Fact]
    public async Task Half_of_a_thousand_and_twenty_takes_five_hundred_and_ten_the_bonus_first()
    {
        var (buyer, purchase) = await scene.BoughtAsync(bonus: true);

        var plan = await scene.Refunds.PlanAsync(buyer.Id, purchase.Id, 1100);
        var result = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));

        Assert.Equal((510m, 20m), (plan!.TakenBack.ToDecimal(), plan.FromBonus.ToDecimal()));
        Assert.Equal((RequestOutcome.Started, StaffActionState.Done), (result.Outcome, result.Action!.State));
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((510m, 0m), await scene.BooksAsync(buyer.Id));
        var entries = await scene.EntriesAsync(buyer.Id, EntryKind.Refund);
        Assert.Equal([(-200_000L, CounterAccount.Bonus), (-4_900_000L, CounterAccount.Refund)],
            entries.Select(entry => (entry.AmountE4, entry.CounterAccount)));
        Assert.All(entries, entry => Assert.EndsWith("Problem with the service: Sorry, your calls broke off.", entry.Note));
        Assert.Equal(1100, (await scene.Portal.PurchaseAsync(purchase.Id)).RefundedCents);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task The_same_key_refunds_once_and_another_content_is_refused()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        var agent = await scene.AgentAsync();
        var request = DeskScene.Half(purchase, key: $"key-{purchase.Id}");

        var first = await scene.Refunds.RequestAsync(agent, request);
        var again = await scene.Refunds.RequestAsync(agent, request);
        var other = await scene.Refunds.RequestAsync(agent, request with { Cents = 5 });

        Assert.Equal((RequestOutcome.Repeated, first.Action!.Id), (again.Outcome, again.Action!.Id));
        Assert.Equal(RequestOutcome.Refused, other.Outcome);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((500m, 0m), await scene.BooksAsync(buyer.Id));
    }

    // Ten at once: one is made, the others hear that one is under way or that nothing is left.
    [Fact]
    public async Task Two_of_the_staff_at_once_refund_once()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        var staff = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.AgentAsync()));

        var results = await Task.WhenAll(staff.Select(agent =>
            scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, purchase.PriceCents))));

        Assert.Single(results, result => result.Outcome is RequestOutcome.Started);
        Assert.All(
            results.Where(result => result.Outcome is not RequestOutcome.Started),
            result => Assert.Matches("is under way|Nothing is left", result.Why));
        Assert.Equal((1, 2200L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((0m, 0m), await scene.BooksAsync(buyer.Id));
    }

    [Fact]
    public async Task Never_more_than_is_left()
    {
        var (_, purchase) = await scene.BoughtAsync();
        var agent = await scene.AgentAsync();
        await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 1500));

        var tooMuch = await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 701));
        var rest = await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 700));
        var more = await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 1));

        Assert.Equal("Only $7.00 of this payment is left to refund.", tooMuch.Why);
        Assert.Equal(RequestOutcome.Started, rest.Outcome);
        Assert.StartsWith("Nothing is left", more.Why, StringComparison.Ordinal);
        Assert.Equal((2, 2200L), await scene.RefundsAtStripeAsync(purchase));
    }

    // Nothing ran; it took effect and said 500; it took effect and said nothing; the way broke.
    [Theory]
    [InlineData("error")]
    [InlineData("error_after")]
    [InlineData("timeout_after")]
    [InlineData("disconnect")]
    public async Task An_unknown_outcome_is_asked_again_and_refunds_once(string fault)
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync(fault, path: "refunds", milliseconds: fault == "timeout_after" ? 5_000 : 0);

        var result = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));
        Assert.Equal(StaffActionState.Executing, result.Action!.State);
        Assert.Equal(0, (await scene.Portal.PurchaseAsync(purchase.Id)).RefundedCents);

        await scene.AbandonAsync(result.Action.Id);
        await scene.Runner.SweepAsync(100, TestContext.Current.CancellationToken);
        await scene.Runner.SweepAsync(100, TestContext.Current.CancellationToken);

        Assert.Equal(StaffActionState.Done, (await scene.ActionAsync(result.Action.Id)).State);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((500m, 0m), await scene.BooksAsync(buyer.Id));
        await scene.AssertBooksAsync();
    }

    // Stripe keeps a 500 under its key: the answer will not change, and nobody may start anew.
    [Fact]
    public async Task A_refusal_without_reason_stays_open_and_keeps_others_off_until_the_key_is_old()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("error_stored", path: "refunds");
        var action = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase))).Action!;
        await scene.AbandonAsync(action.Id);
        await scene.Runner.SweepAsync(100, TestContext.Current.CancellationToken);

        Assert.Equal(StaffActionState.Executing, (await scene.ActionAsync(action.Id)).State);
        var second = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));
        Assert.Contains("is under way", second.Why, StringComparison.Ordinal);

        await scene.AbandonAsync(action.Id, TimeSpan.FromHours(23));
        await scene.Runner.SweepAsync(100, TestContext.Current.CancellationToken);
        var anew = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));

        Assert.Equal(StaffActionState.Failed, (await scene.ActionAsync(action.Id)).State);
        Assert.Equal(StaffActionState.Done, anew.Action!.State);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((500m, 0m), await scene.BooksAsync(buyer.Id));
    }

    [Fact]
    public async Task Wallet_funds_go_back_as_they_came()
    {
        var buyer = await scene.Portal.BuyerAsync(Unit.Usd);
        var start = await buyer.PayAsync(request: new StartPurchase { CustomAmount = 20, Unit = Unit.Usd });
        var purchase = await scene.Portal.PurchaseAsync(start.Purchase!.Id);

        await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 725));

        Assert.Equal((12.75m, 0m), await scene.BooksAsync(buyer.Id, Unit.Usd));
        Assert.Equal((1, 725L), await scene.RefundsAtStripeAsync(purchase));
    }

    [Fact]
    public async Task The_tenants_people_read_why_in_their_mail()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        var owner = await scene.Portal.PersonAsync(buyer.Tenant, MemberRole.Owner);

        await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));
        await scene.Adjustments.RequestAsync(await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Credits(7)));

        var mails = await scene.MailsAsync(owner, count: 2);
        Assert.Contains(mails, mail => mail.Subject.Contains("500 credits taken back", StringComparison.Ordinal)
            && mail.Text!.Contains("Problem with the service: Sorry, your calls broke off.", StringComparison.Ordinal));
        Assert.Contains(mails, mail => mail.Subject.Contains("7 credits added by support", StringComparison.Ordinal)
            && mail.Text!.Contains("Billing error: We had billed a call twice.", StringComparison.Ordinal));
    }

    // The process died after Stripe had made it and before anything of it was written here.
    [Fact]
    public async Task A_refund_whose_process_was_killed_is_found_and_booked_once()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("disconnect", path: "refunds", method: "POST");
        var action = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase))).Action!;
        await scene.Portal.Sandbox.Stripe.PostAsync(
            "refunds", action.Id.ToString(),
            [
                ("payment_intent", purchase.PaymentIntentId!), ("amount", "1100"),
                .. RefundTexts.Metadata(action).Select(pair => ($"metadata[{pair.Key}]", pair.Value)),
            ]);

        await scene.AbandonAsync(action.Id);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Runner.SweepAsync(100)));

        Assert.Equal(StaffActionState.Done, (await scene.ActionAsync(action.Id)).State);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((500m, 0m), await scene.BooksAsync(buyer.Id));
    }

    [Fact]
    public async Task After_a_day_it_is_only_looked_for_and_never_made()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("error", path: "refunds");
        var lost = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase))).Action!;
        var (_, other) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("error_after", path: "refunds");
        var made = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(other))).Action!;

        await scene.AbandonAsync(lost.Id, TimeSpan.FromHours(23));
        await scene.AbandonAsync(made.Id, TimeSpan.FromHours(23));
        await scene.Runner.SweepAsync(100, TestContext.Current.CancellationToken);

        Assert.Equal("never_made", (await scene.ActionAsync(lost.Id)).FailureCode);
        Assert.Equal((0, 0L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((1000m, 0m), await scene.BooksAsync(buyer.Id));
        Assert.Equal(StaffActionState.Done, (await scene.ActionAsync(made.Id)).State);
        Assert.Equal((1, 1100L), await scene.RefundsAtStripeAsync(other));
    }

    // Refunded in Stripe's dashboard a moment before: Stripe refuses, the books follow what is true.
    [Fact]
    public async Task What_Stripe_refuses_moves_nothing()
    {
        var (_, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.Stripe.PostAsync("refunds", ("payment_intent", purchase.PaymentIntentId!));

        var result = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));

        Assert.Equal(StaffActionState.Failed, result.Action!.State);
        Assert.Equal("charge_already_refunded", result.Action.FailureCode);
        Assert.Equal((1, 2200L), await scene.RefundsAtStripeAsync(purchase));
    }

    // The webhook may book it first: it says the same to the tenant.
    [Fact]
    public async Task Whoever_books_it_first_says_what_staff_wrote()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Portal.Sandbox.FaultAsync("error_after", path: "refunds");
        await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));

        await scene.Portal.Services.GetRequiredService<ReversalService>().RefreshAsync(purchase.PaymentIntentId);

        var entry = Assert.Single(await scene.EntriesAsync(buyer.Id, EntryKind.Refund));
        Assert.Contains("Sorry, your calls broke off.", entry.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_but_staff_refunds_and_a_tenant_cannot_read_what_staff_says()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 100));

        var stranger = await scene.Refunds.RequestAsync(buyer.Id, DeskScene.Half(purchase));

        Assert.Equal("Only the platform's staff makes refunds.", stranger.Why);
        await using var unit = await scene.Portal.Database.BeginAsync(buyer.Id);
        await using var command = unit.Command("SELECT count(*) FROM staff_actions");
        var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteScalarAsync());
        Assert.Equal("42501", denied.SqlState);
    }
}
