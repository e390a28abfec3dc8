using System.Net;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Stripe's idempotency, version 1, rule by rule.</summary>
public sealed class StripeIdempotencyTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private SandboxStripe Stripe => sandbox.Stripe;

    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_charges_once()
    {
        var (customer, card) = await PayerAsync();

        var first = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "attempt-1");
        var second = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "attempt-1");

        Assert.False(first.IsReplayed);
        Assert.True(second.IsReplayed);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task A_decline_is_replayed_as_well()
    {
        var customer = await Stripe.CustomerAsync();
        var card = await Stripe.SavedCardAsync(customer, "pm_card_chargeCustomerFail");

        var first = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "declined-1");
        var second = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "declined-1");

        Assert.Equal(HttpStatusCode.PaymentRequired, second.Status);
        Assert.True(second.IsReplayed);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).FailedCharges);
    }

    [Fact]
    public async Task The_same_key_with_other_parameters_is_refused()
    {
        var (customer, card) = await PayerAsync();
        await Stripe.ChargeOffSessionAsync(customer, card, 2200, "mismatch-1");

        var refusal = await Stripe.ChargeOffSessionAsync(customer, card, 5000, "mismatch-1");

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal("idempotency_error", (string)refusal.Error["type"]!);
        var message = (string)refusal.Error["message"]!;
        Assert.StartsWith("Keys for idempotent requests can only be used", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_at_once_one_wins_and_the_other_gets_409()
    {
        var (customer, card) = await PayerAsync();
        await sandbox.FaultAsync("slow", path: "/payment_intents", milliseconds: 400);

        var both = await Task.WhenAll(
            Stripe.ChargeOffSessionAsync(customer, card, 2200, "race-1"),
            Stripe.ChargeOffSessionAsync(customer, card, 2200, "race-1"));

        var loser = Assert.Single(both, reply => reply.Status == HttpStatusCode.Conflict);
        Assert.Equal("idempotency_key_in_use", (string)loser.Error["code"]!);
        Assert.Single(both, reply => reply.Status == HttpStatusCode.OK);
        var later = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "race-1");
        Assert.True(later.IsReplayed);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task Refusals_before_execution_leave_the_key_free()
    {
        var (customer, card) = await PayerAsync();
        await sandbox.FaultAsync("rate_limit", path: "/payment_intents");

        var limited = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "free-1");
        var invalid = await Stripe.ChargeOffSessionAsync(customer, card, 10, "free-1");
        var paid = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "free-1");

        Assert.Equal(HttpStatusCode.TooManyRequests, limited.Status);
        Assert.Equal("rate_limit", (string)limited.Error["code"]!);
        Assert.Equal("amount_too_small", (string)invalid.Error["code"]!);
        Assert.Equal("succeeded", paid.Text("status"));
        Assert.False(paid.IsReplayed);
    }

    [Fact]
    public async Task After_a_cut_connection_the_same_key_finds_the_payment()
    {
        var (customer, card) = await PayerAsync();
        await sandbox.FaultAsync("timeout_after", path: "/payment_intents");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            Stripe.ChargeOffSessionAsync(customer, card, 2200, "cut-1"));
        var again = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "cut-1");

        Assert.Equal("succeeded", again.Text("status"));
        Assert.True(again.IsReplayed);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task A_500_from_the_endpoint_is_replayed_though_the_charge_happened()
    {
        var (customer, card) = await PayerAsync();
        await sandbox.FaultAsync("error_after", path: "/payment_intents");

        var first = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "unknown-1");
        var second = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "unknown-1");

        Assert.Equal(HttpStatusCode.InternalServerError, first.Status);
        Assert.Equal(HttpStatusCode.InternalServerError, second.Status);
        Assert.True(second.IsReplayed);
        Assert.Equal(1, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
        var found = (await Stripe.GetAsync($"payment_intents?customer={customer}")).Json["data"]!.AsArray();
        Assert.Equal("succeeded", (string)Assert.Single(found)!["status"]!);
    }

    [Fact]
    public async Task A_500_from_the_gateway_stores_nothing()
    {
        var (customer, card) = await PayerAsync();
        await sandbox.FaultAsync("error", path: "/payment_intents");

        var failed = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "gateway-1");
        var paid = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "gateway-1");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Equal("succeeded", paid.Text("status"));
        Assert.False(paid.IsReplayed);
    }

    [Fact]
    public async Task After_24_hours_on_the_sandbox_clock_a_key_is_new()
    {
        var (customer, card) = await PayerAsync();
        await Stripe.ChargeOffSessionAsync(customer, card, 2200, "old-1");

        await sandbox.AdvanceClockAsync(TimeSpan.FromHours(24.1));
        var second = await Stripe.ChargeOffSessionAsync(customer, card, 2200, "old-1");
        await sandbox.ResetAsync();

        Assert.False(second.IsReplayed);
        Assert.Equal(2, (await sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    private async Task<(string Customer, string Card)> PayerAsync()
    {
        var customer = await Stripe.CustomerAsync();
        return (customer, await Stripe.SavedCardAsync(customer));
    }
}
