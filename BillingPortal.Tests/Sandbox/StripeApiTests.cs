using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>What every Stripe call has in common: keys, versions, parameters, lists, states.</summary>
public sealed class StripeApiTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private SandboxStripe Stripe => sandbox.Stripe;

    [Theory]
    [InlineData("Bearer", "sk_test_sandbox", HttpStatusCode.OK)]
    [InlineData("Basic", "sk_test_sandbox:", HttpStatusCode.OK)]
    [InlineData("Bearer", "sk_test_wrong_key_0000", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer", "pk_test_sandbox", HttpStatusCode.Unauthorized)]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    public async Task A_key_is_needed(string? scheme, string? key, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "stripe/v1/customers");
        request.Headers.Add("Stripe-Version", "2026-09-30.endive");
        if (scheme is not null)
        {
            var value = scheme == "Basic" ? Convert.ToBase64String(Encoding.ASCII.GetBytes(key!)) : key;
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, value);
        }

        using var response = await sandbox.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
        Assert.Equal("2026-09-30.endive", response.Headers.GetValues("Stripe-Version").Single());
    }

    [Fact]
    public async Task Payment_method_types_are_gone()
    {
        var refusal = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("payment_method_types[0]", "card"));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal("parameter_unknown", (string)refusal.Error["code"]!);
        Assert.Equal("payment_method_types", (string)refusal.Error["param"]!);
    }

    [Theory]
    [InlineData("49", "usd", "amount_too_small")]
    [InlineData("100000000", "usd", "amount_too_large")]
    [InlineData("22.00", "usd", "parameter_invalid_integer")]
    [InlineData("", "usd", "parameter_missing")]
    [InlineData("2200", "USD", null)]
    public async Task Amounts_are_whole_cents_within_bounds(string amount, string currency, string? code)
    {
        var refusal = await Stripe.PostAsync("payment_intents", ("amount", amount), ("currency", currency));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal(code, (string?)refusal.Error["code"]);
    }

    [Fact]
    public async Task What_is_not_there_is_missing()
    {
        var path = await Stripe.GetAsync("payment_intents/pi_none");
        var parameter = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("customer", "cus_none"));
        var url = await Stripe.GetAsync("invoices");

        Assert.Equal((HttpStatusCode.NotFound, "resource_missing"), (path.Status, (string)path.Error["code"]!));
        Assert.Equal((HttpStatusCode.BadRequest, "customer"), (parameter.Status, (string)parameter.Error["param"]!));
        Assert.Equal(HttpStatusCode.NotFound, url.Status);
    }

    [Fact]
    public async Task A_finished_intent_can_be_neither_confirmed_nor_cancelled()
    {
        var customer = await Stripe.CustomerAsync();
        var paid = await Stripe.ChargeOffSessionAsync(customer, await Stripe.SavedCardAsync(customer));

        var confirm = await Stripe.PostAsync($"payment_intents/{paid.Id}/confirm", ("payment_method", "pm_card_visa"));
        var cancel = await Stripe.PostAsync($"payment_intents/{paid.Id}/cancel");

        foreach (var refusal in new[] { confirm, cancel })
        {
            Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
            Assert.Equal("payment_intent_unexpected_state", (string)refusal.Error["code"]!);
            Assert.Equal("succeeded", (string)refusal.Error["payment_intent"]!["status"]!);
        }
    }

    [Fact]
    public async Task A_cancelled_intent_is_never_charged()
    {
        var intent = await Stripe.PostAsync("payment_intents", ("amount", "2200"), ("currency", "usd"));

        var canceled = await Stripe.PostAsync(
            $"payment_intents/{intent.Id}/cancel", ("cancellation_reason", "abandoned"));
        var confirm = await Stripe.PostAsync(
            $"payment_intents/{intent.Id}/confirm", ("payment_method", "pm_card_visa"));

        Assert.Equal(("canceled", "abandoned"), (canceled.Text("status"), canceled.Text("cancellation_reason")));
        Assert.Equal("payment_intent_unexpected_state", (string)confirm.Error["code"]!);
    }

    [Fact]
    public async Task Lists_are_walked_page_by_page()
    {
        var customer = await Stripe.CustomerAsync();
        var cards = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            cards.Insert(0, await Stripe.SavedCardAsync(customer));
        }

        var seen = new List<string>();
        var page = await Stripe.GetAsync($"payment_methods?customer={customer}&type=card&limit=2");
        while (true)
        {
            seen.AddRange(page.Json["data"]!.AsArray().Select(one => (string)one!["id"]!));
            if (!(bool)page.Json["has_more"]!)
            {
                break;
            }

            page = await Stripe.GetAsync(
                $"payment_methods?customer={customer}&type=card&limit=2&starting_after={seen[^1]}");
        }

        Assert.Equal(cards, seen);
    }

    [Fact]
    public async Task The_default_card_must_be_attached_and_leaves_with_the_card()
    {
        var customer = await Stripe.CustomerAsync();
        var other = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer);

        var refusal = await Stripe.PostAsync(
            $"customers/{other}", ("invoice_settings[default_payment_method]", card));
        var set = await Stripe.PostAsync(
            $"customers/{customer}", ("invoice_settings[default_payment_method]", card), ("metadata[tenant]", "acme"));
        await Stripe.PostAsync($"payment_methods/{card}/detach");
        var after = await Stripe.GetAsync($"customers/{customer}");

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal(card, (string)set.Json["invoice_settings"]!["default_payment_method"]!);
        Assert.Null(after.Json["invoice_settings"]!["default_payment_method"]);
        Assert.Equal("acme", (string)after.Json["metadata"]!["tenant"]!);
        var reuse = await Stripe.PostAsync($"payment_methods/{card}/attach", ("customer", customer));
        Assert.Contains("may not be used again", (string)reuse.Error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browser_sees_a_part_and_needs_the_client_secret()
    {
        using var browser = new SandboxStripe(sandbox.BaseUri, "pk_test_sandbox");
        var customer = await Stripe.CustomerAsync();
        var intent = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("customer", customer), ("metadata[a]", "b"));

        var without = await browser.GetAsync($"payment_intents/{intent.Id}");
        var wrong = await browser.GetAsync($"payment_intents/{intent.Id}?client_secret={intent.Id}_secret_x");
        var seen = await browser.GetAsync($"payment_intents/{intent.Id}?client_secret={intent.Text("client_secret")}");

        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(2200, seen.Number("amount"));
        Assert.False(seen.Json.ContainsKey("customer"));
        Assert.False(seen.Json.ContainsKey("metadata"));
    }

    [Fact]
    public async Task Confirming_on_the_server_needs_an_address_to_come_back_to()
    {
        var refusal = await Stripe.PostAsync(
            "payment_intents", ("amount", "2200"), ("currency", "usd"), ("confirm", "true"),
            ("payment_method", "pm_card_visa"));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Contains("return_url", (string)refusal.Error["message"]!, StringComparison.Ordinal);
    }
}
