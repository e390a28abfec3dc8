using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Checkout's hosted page: paid, declined, challenged, expired.</summary>
public sealed class StripeCheckoutTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    private SandboxStripe Stripe => sandbox.Stripe;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await sandbox.ResetAsync();

    [Fact]
    public async Task A_decline_keeps_the_page_open_and_one_intent_is_paid_once()
    {
        var customer = await Stripe.CustomerAsync();
        var session = await OpenAsync(customer);
        Assert.Equal(("open", "unpaid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Contains("Pay $22.00", await sandbox.Http.GetStringAsync(session.Text("url")), StringComparison.Ordinal);

        var declined = await PayAsync(session.Id, "pm_card_visa_chargeDeclined");
        var waiting = await PayAsync(session.Id, "pm_card_authenticationRequiredOnSetup");
        Assert.Equal("card_declined", (string)declined["error"]!["code"]!);
        Assert.Equal("requires_action", (string)waiting["status"]!);
        Assert.Equal((string)declined["error"]!["payment_intent"]!["id"]!, (string)waiting["id"]!);
        await sandbox.AnswerChallengeAsync((string)waiting["id"]!);

        var done = await Stripe.GetAsync($"checkout/sessions/{session.Id}?expand[]=payment_intent");
        Assert.Equal(("complete", "paid"), (done.Text("status"), done.Text("payment_status")));
        Assert.Equal("p-1", (string)done.Json["payment_intent"]!["metadata"]!["purchase"]!);
        var state = await sandbox.Http.GetFromJsonAsync<JsonObject>($"checkout/{session.Id}/state");
        Assert.Equal($"https://portal.example/ok?session_id={session.Id}", (string)state!["returnUrl"]!);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
        var cards = await Stripe.GetAsync($"customers/{customer}/payment_methods");
        var card = Assert.Single(cards.Json["data"]!.AsArray());
        Assert.Equal("succeeded", (await Stripe.ChargeOffSessionAsync(customer, (string)card!["id"]!)).Text("status"));
        var completed = await Stripe.EventsAsync("checkout.session.completed");
        Assert.Single(completed, one => (string)one["data"]!["object"]!["id"]! == session.Id);
    }

    [Fact]
    public async Task A_session_expires_on_the_sandbox_clock()
    {
        var session = await OpenAsync(await Stripe.CustomerAsync());

        await sandbox.AdvanceClockAsync(TimeSpan.FromHours(25));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Stripe.GetAsync($"checkout/sessions/{session.Id}")).Text("status") != "expired")
        {
            await Task.Delay(20, patience.Token);
        }

        using var late = await sandbox.Http.PostAsJsonAsync(
            $"checkout/{session.Id}/pay", new { paymentMethod = "pm_card_visa" });
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        var expired = await Stripe.EventsAsync("checkout.session.expired");
        Assert.Single(expired, one => (string)one["data"]!["object"]!["id"]! == session.Id);
    }

    [Fact]
    public async Task Expiring_by_hand_closes_the_page()
    {
        var session = await OpenAsync(await Stripe.CustomerAsync());

        var expired = await Stripe.PostAsync($"checkout/sessions/{session.Id}/expire");
        var again = await Stripe.PostAsync($"checkout/sessions/{session.Id}/expire");

        Assert.Equal("expired", expired.Text("status"));
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("expired", await sandbox.Http.GetStringAsync(session.Text("url")), StringComparison.Ordinal);
        var listed = (await Stripe.GetAsync("checkout/sessions?status=expired")).Json["data"]!.AsArray();
        Assert.Contains(listed, one => (string)one!["id"]! == session.Id);
    }

    private async Task<StripeReply> OpenAsync(string customer)
    {
        var session = await Stripe.PostAsync(
            "checkout/sessions", ("mode", "payment"), ("customer", customer), ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", "usd"), ("line_items[0][price_data][unit_amount]", "2200"),
            ("line_items[0][price_data][product_data][name]", "1,000 credits"),
            ("payment_intent_data[setup_future_usage]", "off_session"),
            ("payment_intent_data[metadata][purchase]", "p-1"),
            ("success_url", "https://portal.example/ok?session_id={CHECKOUT_SESSION_ID}"),
            ("cancel_url", "https://portal.example/cancel"));
        Assert.Equal(HttpStatusCode.OK, session.Status);
        return session;
    }

    private async Task<JsonObject> PayAsync(string session, string card)
    {
        using var response = await sandbox.Http.PostAsJsonAsync(
            $"checkout/{session}/pay", new { paymentMethod = card });
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
