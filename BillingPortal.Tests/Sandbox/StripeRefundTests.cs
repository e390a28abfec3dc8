using System.Net;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Money on its way back: refunds and disputes.</summary>
public sealed class StripeRefundTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    private SandboxStripe Stripe => sandbox.Stripe;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await sandbox.ResetAsync();

    // 22.00 paid: 10.00 back, 12.01 is too much, 12.00 is the rest, and then nothing is left.
    [Fact]
    public async Task A_charge_is_refunded_in_parts_and_never_beyond()
    {
        var intent = await PaidAsync("pm_card_visa");

        var part = await Stripe.PostAsync("refunds", ("payment_intent", intent), ("amount", "1000"));
        var tooMuch = await Stripe.PostAsync("refunds", ("payment_intent", intent), ("amount", "1201"));
        var rest = await Stripe.PostAsync("refunds", ("payment_intent", intent), ("reason", "requested_by_customer"));
        var again = await Stripe.PostAsync("refunds", ("payment_intent", intent));

        Assert.Equal(("succeeded", 1000), (part.Text("status"), part.Number("amount")));
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.Status);
        Assert.Equal(
            "Refund amount ($12.01) is greater than unrefunded amount on charge ($12.00)",
            (string)tooMuch.Error["message"]!);
        Assert.Equal(1200, rest.Number("amount"));
        Assert.Equal("charge_already_refunded", (string)again.Error["code"]!);
        var charge = (await Stripe.GetAsync($"payment_intents/{intent}?expand[]=latest_charge")).Json["latest_charge"]!;
        Assert.Equal((2200, true), ((long)charge["amount_refunded"]!, (bool)charge["refunded"]!));
    }

    [Theory]
    [InlineData("pm_card_pendingRefund", "pending", "succeeded", 2200)]
    [InlineData("pm_card_refundFail", "succeeded", "failed", 0)]
    public async Task A_refund_may_be_decided_later(string card, string first, string last, long refunded)
    {
        var intent = await PaidAsync(card);
        var refund = await Stripe.PostAsync("refunds", ("payment_intent", intent));
        Assert.Equal(first, refund.Text("status"));

        await sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(10));
        await UntilAsync(async () => (await Stripe.GetAsync($"refunds/{refund.Id}")).Text("status") == last);

        var charge = await Stripe.GetAsync($"charges/{refund.Text("charge")}");
        Assert.Equal(refunded, charge.Number("amount_refunded"));
        var updates = await Stripe.EventsAsync(last == "failed" ? "refund.failed" : "refund.updated");
        Assert.Contains(updates, one => (string)one["data"]!["object"]!["id"]! == refund.Id);
    }

    [Theory]
    [InlineData("winning_evidence", "won", true)]
    [InlineData("losing_evidence", "lost", false)]
    public async Task A_dispute_withdraws_the_money_and_evidence_decides(
        string evidence, string outcome, bool isReinstated)
    {
        var intent = await PaidAsync("pm_card_createDispute");
        var open = (await Stripe.GetAsync($"disputes?payment_intent={intent}")).Json["data"]!.AsArray();
        var dispute = (string)Assert.Single(open)!["id"]!;
        var refund = await Stripe.PostAsync("refunds", ("payment_intent", intent));
        Assert.Equal("charge_disputed", (string)refund.Error["code"]!);

        var closed = await Stripe.PostAsync($"disputes/{dispute}", ("evidence[uncategorized_text]", evidence));

        Assert.Equal(outcome, closed.Text("status"));
        var types = (await Stripe.GetAsync("events?type=charge.dispute.*&limit=100")).Json["data"]!.AsArray()
            .Where(one => (string)one!["data"]!["object"]!["id"]! == dispute)
            .Select(one => (string)one!["type"]!).ToHashSet();
        Assert.Contains("charge.dispute.created", types);
        Assert.Contains("charge.dispute.funds_withdrawn", types);
        Assert.Contains("charge.dispute.closed", types);
        Assert.Equal(isReinstated, types.Contains("charge.dispute.funds_reinstated"));
    }

    [Theory]
    [InlineData("pm_card_sandbox_processing", "succeeded")]
    [InlineData("pm_card_sandbox_processingFails", "requires_payment_method")]
    public async Task A_payment_may_stay_in_processing(string card, string end)
    {
        var customer = await Stripe.CustomerAsync();
        var saved = await Stripe.SavedCardAsync(customer, card);
        var intent = await Stripe.ChargeOffSessionAsync(customer, saved);
        Assert.Equal("processing", intent.Text("status"));

        await sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(10));

        await UntilAsync(async () => (await Stripe.GetAsync($"payment_intents/{intent.Id}")).Text("status") == end);
    }

    [Theory]
    [InlineData("pm_usBankAccount_success", "succeeded", null)]
    [InlineData("pm_usBankAccount_insufficientFunds", "requires_payment_method", "insufficient_funds")]
    [InlineData("pm_usBankAccount_accountClosed", "requires_payment_method", "account_closed")]
    public async Task A_bank_account_pays_or_fails_after_days(string account, string end, string? code)
    {
        var intent = await Stripe.PostAsync(
            "payment_intents", ("amount", "650"), ("currency", "usd"), ("customer", await Stripe.CustomerAsync()),
            ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"),
            ("payment_method", account), ("confirm", "true"));
        Assert.Equal("processing", intent.Text("status"));
        await sandbox.AdvanceClockAsync(TimeSpan.FromDays(3));
        Assert.Equal("processing", (await Stripe.GetAsync($"payment_intents/{intent.Id}")).Text("status"));

        await sandbox.AdvanceClockAsync(TimeSpan.FromDays(1));

        await UntilAsync(async () => (await Stripe.GetAsync($"payment_intents/{intent.Id}")).Text("status") == end);
        var after = await Stripe.GetAsync($"payment_intents/{intent.Id}");
        var refused = (string?)after.Json["last_payment_error"]?["decline_code"]
            ?? (string?)after.Json["last_payment_error"]?["code"];
        Assert.Equal(code, refused);
    }

    private async Task<string> PaidAsync(string card)
    {
        var customer = await Stripe.CustomerAsync();
        var paid = await Stripe.ChargeOffSessionAsync(customer, await Stripe.SavedCardAsync(customer, card));
        Assert.Equal("succeeded", paid.Text("status"));
        return paid.Id;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
