using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Tenants;
using BillingPortal.Tests.Purchases;

namespace BillingPortal.Tests.Cards;

/// <summary><c>/api/stripe/payment-methods</c>, to the letter of the contract.</summary>
public sealed class CardEndpointTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private const string Path = "/api/stripe/payment-methods";

    [Fact]
    public async Task A_card_is_set_up_saved_listed_made_default_and_removed()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        var first = await buyer.SaveCardAsync();

        var setup = await PostAsync(program, new { action = "create_setup_intent" });
        await portal.Sandbox.Stripe.PostAsync(
            $"setup_intents/{setup["setupIntentId"]}/confirm", ("payment_method", "pm_card_mastercard"), (
                "return_url", "http://localhost/"));
        var saved = await PostAsync(program, new { action = "save", setupIntentId = (string?)setup["setupIntentId"] });
        var second = (string?)saved["id"];
        Assert.True(
            (bool)(await PostAsync(program, new { action = "set_default", paymentMethodId = second }))["success"]!);
        var list = (await program.GetFromJsonAsync<JsonObject>(Path))!["paymentMethods"]!.AsArray();
        using var removed = await program.DeleteAsync($"{Path}?paymentMethodId={first}");

        Assert.StartsWith((string)setup["setupIntentId"]!, (string?)setup["clientSecret"]);
        Assert.Equal(
            [(first, false), (second, true)], list.Select(card => ((string?)card!["id"], (bool)card["isDefault"]!)));
        Assert.Equal(("mastercard", "4444"), ((string?)list[1]!["brand"], (string?)list[1]!["last4"]));
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Single((await program.GetFromJsonAsync<JsonObject>(Path))!["paymentMethods"]!.AsArray());
    }

    [Fact]
    public async Task Another_tenants_card_is_not_found()
    {
        var (buyer, thief) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var card = await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(thief.Tenant);

        Assert.Equal(HttpStatusCode.NotFound, (await program.DeleteAsync($"{Path}?paymentMethodId={card}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await program.PostAsJsonAsync(Path, new { action = "set_default", paymentMethodId = card })).StatusCode);
        Assert.Empty((await program.GetFromJsonAsync<JsonObject>(Path))!["paymentMethods"]!.AsArray());
    }

    [Fact]
    public async Task A_viewer_sees_the_cards_and_changes_none()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        using var viewer = await portal.SignedInAsync(buyer.Tenant, MemberRole.Viewer);

        Assert.Single((await viewer.GetFromJsonAsync<JsonObject>(Path))!["paymentMethods"]!.AsArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync($"{Path}?paymentMethodId={card}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await viewer.PostAsJsonAsync(Path, new { action = "create_setup_intent" })).StatusCode);
    }

    [Fact]
    public async Task An_unknown_action_is_refused_with_the_ones_there_are()
    {
        var buyer = await portal.BuyerAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        using var answer = await program.PostAsJsonAsync(Path, new { action = "charge" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("set_default", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync(Path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
