using BillingPortal.Providers.Payments;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Providers;

/// <summary>What the client says to Stripe, and how it reads what comes back.</summary>
public sealed class StripeClientTests
{
    private static readonly CreatePayment OffSession = new(650, "cus_1")
    {
        PaymentMethodId = "pm_1",
        Confirm = true,
        OffSession = true,
        Metadata = new Dictionary<string, string> { ["purchase id"] = "a&b=c" },
    };

    [Fact]
    public async Task A_payment_names_version_key_and_client_and_speaks_in_forms()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(new Uri(server.Address, "/stripe"));

        await stripe.CreatePaymentIntentAsync(OffSession, "attempt-1");

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /stripe/v1/payment_intents", $"{request.Method} {request.Path}");
        Assert.Equal("Bearer sk_test_sandbox", request.Headers["Authorization"]);
        Assert.Equal("2026-10-28.endive", request.Headers["Stripe-Version"]);
        Assert.Equal("attempt-1", request.Headers["Idempotency-Key"]);
        Assert.StartsWith("BillingPortal/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(
            "amount=650&currency=usd&customer=cus_1&automatic_payment_methods[enabled]=true"
            + "&automatic_payment_methods[allow_redirects]=never"
            + "&payment_method_options[us_bank_account][verification_method]=instant&payment_method=pm_1&metadata[purchase id]=a&b=c"
            + "&confirm=true&off_session=true",
            Uri.UnescapeDataString(request.Body.Replace('+', ' ')));
        Assert.DoesNotContain("payment_method_types", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paid_intent_is_read_whole()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(server.Address);

        var intent = await stripe.GetPaymentIntentAsync("pi_1");

        Assert.Equal(PaymentStatus.Succeeded, intent.Status);
        Assert.Equal(
            ("pi_1", 650L, 650L, "usd", "cus_1", "pm_1", "ch_1", false),
            (intent.Id, intent.AmountCents, intent.AmountReceivedCents, intent.Currency, intent.CustomerId,
                intent.PaymentMethodId, intent.LatestChargeId, intent.LiveMode));
        Assert.Equal("p1", intent.Metadata["purchase"]);
        Assert.DoesNotContain("secret", intent.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card_declined", "insufficient_funds", null, DeclineClass.RetryLater)]
    [InlineData("card_declined", "generic_decline", null, DeclineClass.RetryLater)]
    [InlineData("card_declined", "stolen_card", null, DeclineClass.NewCardNeeded)]
    [InlineData("card_declined", "fraudulent", null, DeclineClass.NewCardNeeded)]
    [InlineData("card_declined", "insufficient_funds", "do_not_try_again", DeclineClass.NewCardNeeded)]
    [InlineData("card_declined", "lost_card", "try_again_later", DeclineClass.RetryLater)]
    [InlineData("card_declined", "generic_decline", "confirm_card_data", DeclineClass.NewCardNeeded)]
    [InlineData("expired_card", null, null, DeclineClass.NewCardNeeded)]
    [InlineData("processing_error", null, null, DeclineClass.RetryLater)]
    [InlineData("a_word_of_tomorrow", "another", "a_third", DeclineClass.RetryLater)]
    [InlineData("authentication_required", "authentication_required", null, DeclineClass.BringTheCustomer)]
    public async Task A_refusal_is_a_result_with_its_class_and_its_intent(
        string code, string? declineCode, string? adviceCode, DeclineClass expected)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(402, StripeBuilder.Refused(code, declineCode, adviceCode));
        using var stripe = StripeBuilder.Client(server.Address);

        var result = await stripe.ConfirmPaymentIntentAsync("pi_1", new ConfirmPayment("pm_1", OffSession: true),
            "a:2");

        Assert.Equal(new Decline(code, declineCode, adviceCode, expected, "pm_1"), result.Decline);
        Assert.Equal(PaymentStatus.RequiresPaymentMethod, result.Intent.Status);
        Assert.Equal(result.Decline, result.Intent.LastDecline);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_id_cannot_lead_to_another_path()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(server.Address);

        await stripe.GetPaymentIntentAsync("../customers/cus_1?x");

        Assert.Equal("/v1/payment_intents/..%2Fcustomers%2Fcus_1%3Fx", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task Lists_of_cards_are_followed_to_their_end()
    {
        const string Card = """
            {"id":"pm_%","type":"card","created":1,
             "card":{"brand":"visa","last4":"4242","exp_month":4,"exp_year":2030}}
            """;
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, $$"""{"object":"list","data":[{{Card.Replace('%', '1')}}],"has_more":true}""")
            .Then(200, $$"""{"object":"list","data":[{{Card.Replace('%', '2')}}],"has_more":false}""");
        using var stripe = StripeBuilder.Client(server.Address);

        var cards = await stripe.ListPaymentMethodsAsync("cus_1");

        Assert.Equal(["pm_1", "pm_2"], cards.Select(card => card.Id));
        Assert.EndsWith("&starting_after=pm_1", server.Requests.Last().Path, StringComparison.Ordinal);
        Assert.Equal(new CardDetails("visa", "4242", 4, 2030, null, null, null), cards[0].Card);
    }
}
