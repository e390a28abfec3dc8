using BillingPortal.Webhooks;
using BillingPortal.Webhooks.Monitor;

namespace BillingPortal.Tests.Webhooks.Monitor;

/// <summary>A body is readable, and shows no card and no secret, whatever it is.</summary>
public sealed class EventBodyTests
{
    [Fact]
    public void Json_is_indented_without_card_data_and_secrets()
    {
        var body = Stripe(
            """
            {"id":"evt_1","data":{"object":{"id":"pi_1","amount":2200,"client_secret":"pi_1_secret_x","receipt_email":"ada@acme.example",
             "payment_method_details":{"card":{"brand":"visa","last4":"4242","exp_month":4,"exp_year":2030,"fingerprint":"Fp",
             "checks":{"cvc_check":"pass"},"country":"DE"}}}}}
            """);

        Assert.Contains("\"brand\": \"visa\"", body, StringComparison.Ordinal);
        Assert.Contains("\"country\": \"DE\"", body, StringComparison.Ordinal);
        Assert.Contains("\"receipt_email\": \"ada@acme.example\"", body, StringComparison.Ordinal);
        Assert.Contains("\"client_secret\": \"(not shown)\"", body, StringComparison.Ordinal);
        Assert.Contains("\"exp_month\": \"(not shown)\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("4242", body, StringComparison.Ordinal);
        Assert.DoesNotContain("_secret_", body, StringComparison.Ordinal);
        Assert.DoesNotContain("pass\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My card: 4242 4242 4242 4242, ok?", "My card: (not shown), ok?")]
    [InlineData("4242-4242-4242-4242", "(not shown)")]
    [InlineData("4242 4242 4242 4241", "4242 4242 4242 4241")]
    [InlineData("+4915112345678", "+4915112345678")]
    [InlineData("Order 12345", "Order 12345")]
    public void Numbers_of_cards_in_messages_are_not_shown(string written, string shown) =>
        Assert.Equal(shown, EventBody.Masked(written));

    [Fact]
    public void A_form_is_a_list_of_names_and_values()
    {
        var body = EventBody.Of(WebhookInbox.Twilio, "From=%2B14155550100&Body=Hi+there&MediaUrl=");

        Assert.Null(body.Json);
        Assert.Equal(
            [new BodyField("From", "+14155550100"), new("Body", "Hi there"), new("MediaUrl", "")], body.Fields);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1, {\"a\": \"\\ud800\"}]")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    [InlineData("null")]
    public void Any_text_can_be_shown(string body) => Assert.NotNull(EventBody.Of(WebhookInbox.Stripe, body).Json);

    [Fact]
    public void A_list_of_texts_is_masked_too() =>
        Assert.DoesNotContain("4242", Stripe("""{"notes":["4242424242424242", {"number":"4242"}]}"""), StringComparison.Ordinal);

    private static string Stripe(string body) => EventBody.Of(WebhookInbox.Stripe, body).Json!;
}
