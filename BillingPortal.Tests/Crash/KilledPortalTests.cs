using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Crash;

/// <summary>The portal is killed with SIGKILL in mid-payment and started again: one charge, one credit, nothing left open.</summary>
public sealed class KilledPortalTests : IAsyncLifetime
{
    private static readonly object Rule = new { enabled = true, credits = 250, threshold = 100 };
    private readonly CrashScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // Saving the rule at a balance of 0 charges 250 credits at once. Stripe takes the money and never answers.
    [Fact]
    public async Task A_recharge_killed_after_the_card_was_charged_is_credited_once()
    {
        var portal = await _scene.StartAsync();
        await _scene.Sandbox.HoldWebhooksAsync();
        await _scene.Sandbox.FaultAsync("timeout_after", path: "payment_intents", count: null);
        var save = _scene.PostAsync(portal, "/api/credits/auto-recharge", Rule);
        await _scene.EventuallyAsync(async () => (await _scene.ChargesAsync()).SucceededCharges == 1, "Stripe charged the card");

        await portal.KillAsync();
        await save;
        await _scene.Sandbox.ResetAsync();
        await _scene.StartAsync();
        await _scene.SettledDownAsync();
        await _scene.AssertChargedAndCreditedAsync(charges: 1);
    }

    [Fact]
    public async Task A_recharge_killed_before_the_card_was_charged_is_charged_once()
    {
        var portal = await _scene.StartAsync();
        await _scene.Sandbox.FaultAsync("disconnect", path: "payment_intents", count: null);
        var save = _scene.PostAsync(portal, "/api/credits/auto-recharge", Rule);
        await _scene.EventuallyAsync(
            async () => await _scene.CountAsync("SELECT count(*) FROM recharge_attempts WHERE tenant_id = $1") == 1,
            "an attempt is recorded");

        await portal.KillAsync();
        await save;
        await _scene.Sandbox.ResetAsync();
        await _scene.StartAsync();
        await _scene.SettledDownAsync();
        await _scene.AssertChargedAndCreditedAsync(charges: 1);
    }

    [Fact]
    public async Task A_purchase_killed_after_the_card_was_charged_is_credited_once()
    {
        var portal = await _scene.StartAsync();
        await _scene.Sandbox.HoldWebhooksAsync();
        await _scene.Sandbox.FaultAsync("timeout_after", path: "/confirm", count: null);
        var body = new { packageId = "credits-250", paymentMethodId = _scene.CardId };
        var buy = _scene.PostAsync(portal, "/api/stripe/create-payment-intent", body);
        await _scene.EventuallyAsync(async () => (await _scene.ChargesAsync()).SucceededCharges == 1, "Stripe charged the card");

        await portal.KillAsync();
        await buy;
        await _scene.Sandbox.ResetAsync();
        await _scene.StartAsync();
        await _scene.EventuallyAsync(
            async () => await _scene.CountAsync("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'purchase'") == 1,
            "the purchase is credited");
        await _scene.SettledDownAsync();
        await _scene.AssertChargedAndCreditedAsync(charges: 1);
    }

    // 250 credits, threshold 100: the call of 175 leaves 75. Both portals hear of the same crossing.
    [Fact]
    public async Task Two_portals_that_see_the_same_crossing_charge_once()
    {
        var first = await _scene.StartAsync();
        var second = await _scene.StartAsync();
        await _scene.PostAsync(first, "/api/credits/auto-recharge", Rule);
        await _scene.EventuallyAsync(async () => (await _scene.ChargesAsync()).SucceededCharges == 1, "the first recharge");
        await _scene.SettledDownAsync();
        await _scene.Sandbox.AdvanceClockAsync(TimeSpan.FromHours(2));

        await Task.WhenAll(new[] { first, second }.SelectMany(portal => Enumerable.Range(0, 10).Select(i =>
            _scene.PostAsync(portal, "/api/usage", new
            {
                service = "voice",
                quantity = 1,
                reference_id = $"call-{i}",
                occurred_at = "2026-11-20T12:00:00Z",
            }))));
        await _scene.SettledDownAsync();
        await _scene.AssertChargedAndCreditedAsync(charges: 2);
    }
}
