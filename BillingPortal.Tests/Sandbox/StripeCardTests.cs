using System.Net;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Each test card does what docs.stripe.com/testing says of it.</summary>
public sealed class StripeCardTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private SandboxStripe Stripe => sandbox.Stripe;

    [Theory]
    [InlineData("pm_card_visa", "visa", "4242")]
    [InlineData("pm_card_mastercard", "mastercard", "4444")]
    [InlineData("pm_card_amex", "amex", "0005")]
    public async Task A_saved_card_is_charged_without_the_customer(string name, string brand, string last4)
    {
        var customer = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer, name);

        var paid = await Stripe.ChargeOffSessionAsync(customer, card, 2200);

        Assert.Equal("succeeded", paid.Text("status"));
        Assert.Equal(2200, paid.Number("amount_received"));
        var charge = await Stripe.GetAsync($"charges/{paid.Text("latest_charge")}");
        var details = charge.Json["payment_method_details"]!["card"]!;
        Assert.Equal((brand, last4), ((string)details["brand"]!, (string)details["last4"]!));
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", null)]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", null)]
    [InlineData("pm_card_chargeDeclinedProcessingError", "processing_error", null)]
    public async Task Declining_cards_can_be_neither_attached_nor_set_up_nor_charged(
        string name, string code, string? declineCode)
    {
        var customer = await Stripe.CustomerAsync();

        var attach = await Stripe.PostAsync($"payment_methods/{name}/attach", ("customer", customer));
        var setup = await Stripe.PostAsync("setup_intents", ("customer", customer), ("payment_method", name),
            ("confirm", "true"), ("return_url", "https://portal.example/back"));
        var payment = await Stripe.ChargeOffSessionAsync(customer, name);

        foreach (var refusal in new[] { attach, setup, payment })
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, refusal.Status);
            Assert.Equal("card_error", (string)refusal.Error["type"]!);
            Assert.Equal(code, (string)refusal.Error["code"]!);
            Assert.Equal(declineCode, (string?)refusal.Error["decline_code"]);
        }

        Assert.Equal("requires_payment_method", (string)setup.Error["setup_intent"]!["status"]!);
        Assert.NotNull(setup.Error["setup_intent"]!["last_setup_error"]);
    }

    [Fact]
    public async Task Card_0341_attaches_and_then_fails_with_the_whole_intent_in_the_error()
    {
        var customer = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer, "pm_card_chargeCustomerFail");

        var refusal = await Stripe.ChargeOffSessionAsync(customer, card);

        Assert.Equal(HttpStatusCode.PaymentRequired, refusal.Status);
        Assert.Equal("generic_decline", (string)refusal.Error["decline_code"]!);
        Assert.Equal("try_again_later", (string)refusal.Error["advice_code"]!);
        var intent = refusal.Error["payment_intent"]!;
        Assert.Equal("requires_payment_method", (string)intent["status"]!);
        Assert.Null(intent["payment_method"]);
        Assert.Equal(card, (string)intent["last_payment_error"]!["payment_method"]!["id"]!);
        Assert.Equal((string)refusal.Error["charge"]!, (string)intent["latest_charge"]!);
        var attempt = await Stripe.GetAsync($"charges/{intent["latest_charge"]}");
        Assert.Equal("failed", attempt.Text("status"));
    }

    [Theory]
    [InlineData("pm_card_authenticationRequiredOnSetup", false, "authentication_required")]
    [InlineData("pm_card_authenticationRequiredOnSetup", true, null)]
    [InlineData("pm_card_authenticationRequired", true, "authentication_required")]
    [InlineData("pm_card_authenticationRequiredSetupForOffSession", false, null)]
    [InlineData("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", false, "authentication_required")]
    [InlineData("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", true, "insufficient_funds")]
    [InlineData("pm_card_threeDSecure2Required", false, "authentication_required")]
    public async Task Authentication_without_the_customer_depends_on_card_and_setup(
        string name, bool isSetUp, string? declineCode)
    {
        var customer = await Stripe.CustomerAsync();
        var card = isSetUp
            ? await Stripe.SavedCardAsync(customer, name)
            : await Stripe.AttachedCardAsync(customer, name);

        var reply = await Stripe.ChargeOffSessionAsync(customer, card);

        if (declineCode is null)
        {
            Assert.Equal("succeeded", reply.Text("status"));
        }
        else
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
            Assert.Equal(declineCode, (string)reply.Error["decline_code"]!);
            Assert.Equal("requires_payment_method", (string)reply.Error["payment_intent"]!["status"]!);
        }
    }

    [Fact]
    public async Task A_refused_authentication_is_finished_with_the_customer_on_the_same_intent()
    {
        var customer = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer, "pm_card_authenticationRequired");
        var refusal = await Stripe.ChargeOffSessionAsync(customer, card);
        Assert.Equal("authentication_required", (string)refusal.Error["code"]!);
        var intent = (string)refusal.Error["payment_intent"]!["id"]!;

        var waiting = await Stripe.PostAsync(
            $"payment_intents/{intent}/confirm", ("payment_method", card), ("off_session", "false"));
        Assert.Equal("requires_action", waiting.Text("status"));
        Assert.Equal("use_stripe_sdk", (string)waiting.Json["next_action"]!["type"]!);
        await sandbox.AnswerChallengeAsync(intent);

        var paid = await Stripe.GetAsync($"payment_intents/{intent}");
        Assert.Equal("succeeded", paid.Text("status"));
        Assert.Null(paid.Json["last_payment_error"]);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task A_failed_challenge_asks_for_another_card()
    {
        var customer = await Stripe.CustomerAsync();
        var waiting = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("customer", customer), ("confirm", "true"),
            ("payment_method", "pm_card_threeDSecure2Required"), ("return_url", "https://portal.example/back"));
        Assert.Equal("redirect_to_url", (string)waiting.Json["next_action"]!["type"]!);

        await sandbox.AnswerChallengeAsync(waiting.Id, complete: false);

        var failed = await Stripe.GetAsync($"payment_intents/{waiting.Id}");
        Assert.Equal("requires_payment_method", failed.Text("status"));
        Assert.Equal("payment_intent_authentication_failure", (string)failed.Json["last_payment_error"]!["code"]!);
        Assert.Equal(0, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task A_payment_that_saves_the_card_sets_it_up_for_later()
    {
        var customer = await Stripe.CustomerAsync();
        var waiting = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("customer", customer), ("confirm", "true"),
            ("payment_method", "pm_card_authenticationRequiredOnSetup"), ("setup_future_usage", "off_session"),
            ("return_url", "https://portal.example/back"));
        await sandbox.AnswerChallengeAsync(waiting.Id);

        var cards = (await Stripe.GetAsync($"customers/{customer}/payment_methods")).Json["data"]!.AsArray();
        var again = await Stripe.ChargeOffSessionAsync(customer, (string)Assert.Single(cards)!["id"]!);

        Assert.Equal("succeeded", again.Text("status"));
    }

    [Fact]
    public async Task A_card_can_go_bad_and_recover()
    {
        var customer = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer);

        await sandbox.DeclineCardAsync(card, "lost_card");
        var refusal = await Stripe.ChargeOffSessionAsync(customer, card);
        await sandbox.DeclineCardAsync(card, "");
        var paid = await Stripe.ChargeOffSessionAsync(customer, card);

        Assert.Equal("lost_card", (string)refusal.Error["decline_code"]!);
        Assert.Equal("do_not_try_again", (string)refusal.Error["advice_code"]!);
        Assert.Equal("succeeded", paid.Text("status"));
    }

    [Theory]
    [InlineData("4242424242424241", "12", "2040", "123", "incorrect_number")]
    [InlineData("4242424242424242", "13", "2040", "123", "invalid_expiry_month")]
    [InlineData("4242424242424242", "12", "2020", "123", "invalid_expiry_year")]
    [InlineData("4242424242424242", "12", "2040", "12", "invalid_cvc")]
    [InlineData("4111111111111111", "12", "2040", "123", "card_declined")]
    public async Task Typed_cards_are_checked(string number, string month, string year, string cvc, string code)
    {
        using var browser = new SandboxStripe(sandbox.BaseUri, "pk_test_sandbox");

        var refusal = await browser.PostAsync("payment_methods", ("type", "card"), ("card[number]", number),
            ("card[exp_month]", month), ("card[exp_year]", year), ("card[cvc]", cvc));

        Assert.Equal(HttpStatusCode.PaymentRequired, refusal.Status);
        Assert.Equal(code, (string)refusal.Error["code"]!);
    }

    [Fact]
    public async Task The_same_number_has_the_same_fingerprint()
    {
        var customer = await Stripe.CustomerAsync();

        var first = await Stripe.GetAsync($"payment_methods/{await Stripe.SavedCardAsync(customer)}");
        var second = await Stripe.GetAsync($"payment_methods/{await Stripe.SavedCardAsync(customer)}");

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((string)first.Json["card"]!["fingerprint"]!, (string)second.Json["card"]!["fingerprint"]!);
    }
}
