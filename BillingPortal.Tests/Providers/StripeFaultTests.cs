using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Providers;

/// <summary>Repeats as Stripe's own SDKs do them, and what is known after the last one.</summary>
public sealed class StripeFaultTests
{
    private const string ServerError = """{"error":{"type":"api_error","message":"boom"}}""";
    private const string Limited = """{"error":{"type":"invalid_request_error","code":"rate_limit"}}""";
    private static readonly CreatePayment Payment = new(650, "cus_1");
    private readonly HastyClock _clock = new(TimeSpan.FromSeconds(61));

    [Fact]
    public async Task A_server_error_is_repeated_twice_under_the_same_key_with_growing_waits()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, ServerError).Then(503, "<html>bad gateway</html>").Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var result = await stripe.CreatePaymentIntentAsync(Payment, "attempt-1");

        Assert.Equal(PaymentStatus.Succeeded, result.Intent.Status);
        Assert.Equal(["attempt-1", "attempt-1", "attempt-1"], server.Requests.Select(r =>
            r.Headers["Idempotency-Key"]));
        Assert.Equal(2, _clock.Waits.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait.TotalSeconds, 0.5, 1));
    }

    [Fact]
    public async Task After_the_last_server_error_the_outcome_is_unknown()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, ServerError);
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("api_error", true, true), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_broken_connection_is_repeated_and_leaves_the_outcome_unknown()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.ThenBreak();
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("unreachable", true, true), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.True(server.Requests.Count >= 3);
        Assert.Single(server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task A_silent_server_times_out_with_an_unknown_outcome()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.ThenSilence();
        using var stripe = StripeBuilder.Client(server.Address, TimeProvider.System, timeoutSeconds: 2);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("timeout", true, true), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_call_that_never_left_this_machine_had_no_effect()
    {
        var server = await ScriptedServer.StartAsync();
        var address = server.Address;
        await server.DisposeAsync();
        using var stripe = StripeBuilder.Client(address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("unreachable", true, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
    }

    [Fact]
    public async Task A_clear_refusal_after_a_lost_answer_settles_the_outcome()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, ServerError).Then(400,
            """{"error":{"type":"invalid_request_error","code":"amount_too_small","param":"amount"}}""");
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("amount_too_small", false, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Contains("parameter amount", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_limited_after_a_lost_answer_leaves_it_unknown()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, ServerError).Then(429, Limited);
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Equal(("rate_limit", true, true), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
    }

    [Fact]
    public async Task Too_many_requests_are_not_repeated_unless_Stripe_says_so()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(429, Limited).Then(429, Limited, ("Stripe-Should-Retry", "true"), ("Retry-After", "7"))
            .Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));
        Assert.Equal(("rate_limit", true, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Single(server.Requests);

        await stripe.CreatePaymentIntentAsync(Payment, "attempt-1");
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(7, Assert.Single(_clock.Waits).TotalSeconds);
    }

    [Fact]
    public async Task Stripe_can_forbid_a_repeat()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, ServerError, ("Stripe-Should-Retry", "false"));
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_key_in_use_is_repeated_because_its_first_call_is_still_running()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(409, """{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}""")
            .Then(200, StripeBuilder.Intent());
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var result = await stripe.CreatePaymentIntentAsync(Payment, "attempt-1");

        Assert.Equal("pi_1", result.Intent.Id);
    }

    [Fact]
    public async Task A_wrong_key_is_said_plainly_and_no_secret_with_it()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(401,
            """{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_sandbox"}}""");
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.GetPaymentIntentAsync("pi_1"));

        Assert.Equal((false, false), (fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.DoesNotContain("sk_test", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_taken_for_an_answer()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, "<html>welcome</html>");
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        var fault = await FaultAsync(() => stripe.CreatePaymentIntentAsync(Payment, "attempt-1"));

        Assert.True(fault.IsOutcomeUnknown);
    }

    [Fact]
    public async Task The_caller_can_give_up()
    {
        await using var server = await ScriptedServer.StartAsync();
        using var giveUp = new CancellationTokenSource();
        server.Then(async context =>
        {
            await giveUp.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var stripe = StripeBuilder.Client(server.Address, _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => stripe.CreatePaymentIntentAsync(Payment, "attempt-1", giveUp.Token));
        Assert.Single(server.Requests);
    }

    private static Task<ProviderException> FaultAsync(Func<Task> call) => Assert.ThrowsAsync<ProviderException>(call);
}
