using System.Net;
using BillingPortal.Tests.Purchases;
using static BillingPortal.Tests.Contract.JsonShape;

namespace BillingPortal.Tests.Contract;

/// <summary>The contract's rows below <c>/api/stripe</c>, called as they are written there.</summary>
public sealed class StripeRowsTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Theory]
    [InlineData("""{"packageId":"credits-100"}""", 100, "2.8")]
    [InlineData("""{"customAmount":22,"savePaymentMethod":true}""", 1000, "22")]
    public async Task A_payment_intent_answers_its_secret_its_id_the_credits_and_the_dollars(string body, decimal credits, string amount)
    {
        var caller = await ContractCaller.WithAsync(portal);

        var intent = await caller.OkAsync("POST /api/stripe/create-payment-intent", body);

        AssertFits(
            """
            {"clientSecret":"","paymentIntentId":"","credits":0,"amount":0,"bonusCredits":0,"unit":"","status":"","purchaseId":""}
            """, intent);
        Assert.Equal((credits, amount), (intent.GetProperty("credits").GetDecimal(), intent.GetProperty("amount").GetRawText()));
    }

    [Fact]
    public async Task Cards_are_listed_set_up_chosen_and_removed()
    {
        var caller = await ContractCaller.WithAsync(portal);
        var card = await caller.Buyer.SaveCardAsync();

        var list = await caller.OkAsync("GET /api/stripe/payment-methods");
        var setup = await caller.OkAsync("POST /api/stripe/payment-methods", """{"action":"create_setup_intent"}""");
        var chosen = await caller.OkAsync(
            "POST /api/stripe/payment-methods", $$"""{"action":"set_default","paymentMethodId":"{{card}}"}""");
        var removed = await caller.OkAsync($"DELETE /api/stripe/payment-methods?paymentMethodId={card}");
        var left = await caller.OkAsync("GET /api/stripe/payment-methods");

        AssertFits(
            """
            {"paymentMethods":[{"id":"","brand":"","last4":"","expMonth":0,"expYear":0,"isDefault":true,"state":"","priority":0}]}
            """, list);
        AssertFits("""{"clientSecret":"","setupIntentId":""}""", setup);
        AssertFits("""{"success":true}""", chosen);
        AssertFits("""{"success":true}""", removed);
        Assert.Equal(1, list.GetProperty("paymentMethods").GetArrayLength());
        Assert.Equal(0, left.GetProperty("paymentMethods").GetArrayLength());
    }

    [Fact]
    public async Task Auto_recharge_reads_its_settings_with_last_trigger_cooldown_and_limit()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var settings = await caller.OkAsync("GET /api/stripe/auto-recharge");

        AssertFits(
            """
            {"enabled":true,"pausedReason":null,"unit":"","threshold":0,"size":"","amount":null,"credits":null,"packageId":null,
             "paymentMethodIds":[""],"attemptsPerDay":0,"bonusCredits":0,"lastTriggeredAt":null,
             "cooldown":{"minutes":0,"until":null},"limit":{"monthly":null,"spent":0,"left":null,"resetsAt":""},
             "consecutiveFailures":0,"backoffUntil":null,"nextReason":"","nextRechargeAt":null,
             "smart":{"mode":"","proposedThreshold":null,"proposedAmount":null,"reason":""},
             "noticeHours":0,"noticedFor":null,"graceDays":0,"graceUntil":null}
            """, settings);
    }

    [Fact]
    public async Task Triggered_now_it_answers_whether_why_and_which_attempt()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var without = await caller.OkAsync("POST /api/stripe/auto-recharge", """{"triggerNow":true}""");
        await caller.OkAsync("POST /api/credits/auto-recharge", """{"enabled":true,"credits":100,"threshold":10.0}""");
        var card = await caller.Buyer.SaveCardAsync();
        var with = await caller.OkAsync("POST /api/stripe/auto-recharge", """{"triggerNow":true}""");

        AssertFits("""{"success":true,"attemptId?":"","status":"","reason?":""}""", without);
        AssertFits("""{"success":true,"attemptId?":"","status":"","reason?":""}""", with);
        Assert.False(without.GetProperty("success").GetBoolean());
        Assert.True(with.GetProperty("success").GetBoolean(), $"{with} with {card}");
        var charges = await caller.Buyer.ChargesAsync();
        Assert.Equal((1, 280L), (charges.SucceededCharges, charges.SucceededAmount));
    }

    [Fact]
    public async Task What_a_key_may_not_do_is_a_403_that_tells_nothing()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var (status, problem) = await caller.With("sandbox-cron-secret").CallAsync("GET /api/stripe/payment-methods");

        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (status, problem.GetProperty("code").GetString()));
    }
}
