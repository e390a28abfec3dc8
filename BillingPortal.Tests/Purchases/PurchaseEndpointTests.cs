using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Purchases;

/// <summary>Buying over HTTP, to the letter of the contract.</summary>
public sealed class PurchaseEndpointTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private const string Intent = "/api/stripe/create-payment-intent";
    private const string Checkout = "/api/credits/create-checkout-session";

    [Fact]
    public async Task A_payment_intent_is_opened_for_a_package()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        var (status, json) =
            await PostAsync(program, Intent, new { packageId = "credits-1000", savePaymentMethod = true });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith((string)json["paymentIntentId"]!, (string?)json["clientSecret"]);
        Assert.Equal((1000m, 22m), ((decimal)json["credits"]!, (decimal)json["amount"]!));
        var intent = await portal.Sandbox.Stripe.GetAsync($"payment_intents/{json["paymentIntentId"]}");
        Assert.Equal((2200L, "off_session", buyer.CustomerId),
            (intent.Number("amount"), intent.Text("setup_future_usage"), intent.Text("customer")));
    }

    [Fact]
    public async Task A_saved_card_pays_at_once_and_a_refusal_is_a_402_in_plain_words()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        var (good, bad) = (await buyer.SaveCardAsync(), await buyer.SaveCardAsync("pm_card_chargeCustomerFail"));

        var (paid, receipt) = await PostAsync(program, Intent, new { customAmount = 5, paymentMethodId = good });
        var (refused, problem) = await PostAsync(program, Intent, new { customAmount = 5, paymentMethodId = bad });

        Assert.Equal((HttpStatusCode.OK, "succeeded"), (paid, (string?)receipt["status"]));
        Assert.Equal((HttpStatusCode.PaymentRequired, "card_declined"), (refused, (string?)problem["code"]));
        Assert.StartsWith("Your bank declined the card.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task The_idempotency_key_makes_one_payment()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        var card = await buyer.SaveCardAsync();
        var key = Ids.New().ToString();

        var (_, first) =
            await PostAsync(program, Intent, new { packageId = "credits-250", paymentMethodId = card }, key);
        var (_, again) =
            await PostAsync(program, Intent, new { packageId = "credits-250", paymentMethodId = card }, key);
        var (other, problem) =
            await PostAsync(program, Intent, new { packageId = "credits-500", paymentMethodId = card }, key);

        Assert.Equal((string?)first["paymentIntentId"], (string?)again["paymentIntentId"]);
        Assert.Equal(HttpStatusCode.Conflict, other);
        Assert.Equal("idempotency_key_reused", (string?)problem["code"]);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task A_checkout_session_is_opened_for_credits()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        var (status, json) = await PostAsync(program, Checkout, new { credits = 100, enable_auto_recharge = true });

        Assert.Equal(HttpStatusCode.OK, status);
        var session = await portal.Sandbox.Stripe.GetAsync($"checkout/sessions/{json["session_id"]}");
        Assert.Equal((session.Text("url"), 280L), ((string?)json["url"], session.Number("amount_total")));
    }

    [Theory]
    [InlineData("""{"packageId":"credits-7"}""", HttpStatusCode.NotFound, "unknown_package")]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "invalid_purchase")]
    [InlineData("""{"customAmount":0.5}""", HttpStatusCode.BadRequest, "invalid_purchase")]
    [InlineData("""{"customAmount":5,"unit":"eur"}""", HttpStatusCode.BadRequest, "invalid_unit")]
    [InlineData("""{"packageId":"credits-250","paymentMethodId":"pm_none"}""", HttpStatusCode.NotFound, "unknown_payment_method")]
    public async Task What_cannot_be_bought_is_refused_with_a_stable_code(
        string body, HttpStatusCode status, string code)
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        var (got, json) = await PostAsync(program, Intent, JsonNode.Parse(body)!);

        Assert.Equal((status, code), (got, (string?)json["code"]));
    }

    [Fact]
    public async Task Another_tenants_card_cannot_be_charged()
    {
        var (buyer, thief) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var card = await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(thief.Tenant);

        var (status, _) = await PostAsync(program, Intent, new { packageId = "credits-250", paymentMethodId = card });

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(0, (await buyer.ChargesAsync()).SucceededCharges);
    }

    [Fact]
    public async Task A_viewer_and_a_key_without_the_scope_may_not_buy()
    {
        var buyer = await portal.BuyerAsync();
        using var viewer = await portal.SignedInAsync(buyer.Tenant, MemberRole.Viewer);
        using var reader = await portal.ProgramAsync(buyer.Tenant, ApiScopes.Read);
        using var stranger = portal.Browser();

        foreach (var path in new[] { Intent, Checkout })
        {
            Assert.Equal(
                HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync(path, new { credits = 100 })).StatusCode);
            Assert.Equal(
                HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync(path, new { credits = 100 })).StatusCode);
            Assert.Equal(
                HttpStatusCode.Unauthorized, (await stranger.PostAsJsonAsync(path, new { credits = 100 })).StatusCode);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonObject Json)> PostAsync(
        HttpClient client, string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }
}
