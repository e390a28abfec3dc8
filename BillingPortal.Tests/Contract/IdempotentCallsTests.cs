using System.Net;
using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.Support;
using BillingPortal.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Contract;

/// <summary>
/// Every address of the route table that takes an Idempotency-Key, called as a program calls it: repeated, with another body, by
/// two tenants, by twins at once. A new address without a body here fails.
/// </summary>
public sealed class IdempotentCallsTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    // $HANDSET, $HOLD and $CARD are filled in for each tenant.
    private static readonly Dictionary<string, (string Call, string Body)> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /api/stripe/create-payment-intent"] =
            ("POST /api/stripe/create-payment-intent", """{"packageId":"credits-100","paymentMethodId":"$CARD"}"""),
        ["POST /api/credits/create-checkout-session"] = ("POST /api/credits/create-checkout-session", """{"credits":100}"""),
        ["POST /api/credits/auto-recharge"] = ("POST /api/credits/auto-recharge", """{"enabled":true,"credits":100,"threshold":10}"""),
        ["POST /api/stripe/auto-recharge"] = ("POST /api/stripe/auto-recharge", """{"enabled":true,"threshold":20,"amount":100}"""),
        ["POST /api/usage"] = ("POST /api/usage", """{"service":"email","quantity":3,"reference_id":"r-1"}"""),
        ["POST /api/usage/holds"] = ("POST /api/usage/holds", """{"service":"voice","quantity":2,"reference_id":"h-1"}"""),
        ["POST /api/usage/holds/{id:guid}/capture"] = ("POST /api/usage/holds/$HOLD/capture", """{"quantity":1}"""),
        ["POST /api/usage/holds/{id:guid}/extend"] = ("POST /api/usage/holds/$HOLD/extend", """{"quantity":1}"""),
        ["POST /api/usage/holds/{id:guid}/release"] = ("POST /api/usage/holds/$HOLD/release", """{}"""),
        ["POST /api/sms/send"] = ("POST /api/sms/send", """{"to":"$HANDSET","message":"Hello"}"""),
    };

    public static TheoryData<string> Addresses => [.. Bodies.Keys];

    [Fact]
    public void Every_address_that_takes_a_key_is_called_here()
    {
        var marked = from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     where endpoint.Metadata.GetMetadata<Idempotency.IdempotentMark>() is not null
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
                     select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

        Assert.Equal(Bodies.Keys.Order(StringComparer.Ordinal), marked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task The_first_answer_is_given_again_and_another_body_is_a_conflict(string address)
    {
        var caller = await ContractCaller.WithAsync(portal);
        var (call, body) = await FilledAsync(caller, address);

        var first = await SendAsync(caller, call, body, "key-1");
        var entries = await EntriesAsync(caller);
        var again = await SendAsync(caller, call, body, "key-1");
        var other = await SendAsync(caller, call, Another(body), "key-1");

        Assert.Equal((HttpStatusCode.OK, false), (first.Status, first.IsReplayed));
        Assert.Equal((HttpStatusCode.OK, true, first.Text), (again.Status, again.IsReplayed, again.Text));
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_key_reused"), (other.Status, CodeOf(other.Text)));
        Assert.Equal(entries, await EntriesAsync(caller));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_key_of_256_characters_is_refused_in_words_and_nothing_is_done(string address)
    {
        var caller = await ContractCaller.WithAsync(portal);
        var (call, body) = await FilledAsync(caller, address);
        var entries = await EntriesAsync(caller);

        var refused = await SendAsync(caller, call, body, new string('k', 256));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_idempotency_key"), (refused.Status, CodeOf(refused.Text)));
        Assert.Contains("1 to 255 characters", refused.Text, StringComparison.Ordinal);
        Assert.Equal(entries, await EntriesAsync(caller));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(caller, call, body, new string('k', 255))).Status);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Two_tenants_with_one_key_do_not_meet(string address)
    {
        foreach (var caller in new[] { await ContractCaller.WithAsync(portal), await ContractCaller.WithAsync(portal) })
        {
            var (call, body) = await FilledAsync(caller, address);
            var answer = await SendAsync(caller, call, body, "key-of-both");

            Assert.Equal((HttpStatusCode.OK, false), (answer.Status, answer.IsReplayed));
        }
    }

    // Four at once: one does the work; the others get its answer or are told that it runs.
    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Twins_at_the_same_time_have_one_effect(string address)
    {
        var caller = await ContractCaller.WithAsync(portal);
        var (call, body) = await FilledAsync(caller, address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(caller, call, body, "key-1")));
        var entries = await EntriesAsync(caller);
        var after = await SendAsync(caller, call, body, "key-1");

        var worked = Assert.Single(answers, answer => answer is { Status: HttpStatusCode.OK, IsReplayed: false });
        Assert.All(answers.Where(answer => answer.Status is not HttpStatusCode.OK), answer => Assert.Equal(
            (HttpStatusCode.Conflict, "idempotency_key_in_use"), (answer.Status, CodeOf(answer.Text))));
        Assert.Equal((true, worked.Text), (after.IsReplayed, after.Text));
        Assert.Equal(entries, await EntriesAsync(caller));
        Assert.InRange((await caller.Buyer.ChargesAsync()).SucceededCharges, 0, 1);
    }

    private static async Task<(string Call, string Body)> FilledAsync(ContractCaller caller, string address)
    {
        var (call, body) = Bodies[address];
        if (body.Contains("$HANDSET", StringComparison.Ordinal))
        {
            await caller.NumberAsync();
            body = body.Replace("$HANDSET", SandboxTwilio.NewHandset(), StringComparison.Ordinal);
        }

        if (body.Contains("$CARD", StringComparison.Ordinal))
        {
            body = body.Replace("$CARD", await caller.Buyer.SaveCardAsync(), StringComparison.Ordinal);
        }

        if (call.Contains("$HOLD", StringComparison.Ordinal))
        {
            var held = await caller.OkAsync(
                "POST /api/usage/holds", $$"""{"service":"voice","quantity":2,"reference_id":"{{Ids.New()}}"}""");
            call = call.Replace("$HOLD", held.GetProperty("holdId").GetString(), StringComparison.Ordinal);
        }

        return (call, body);
    }

    private static string Another(string body) =>
        body == "{}" ? """{"note":"other"}""" : body.Replace("{", """{"note":"other",""", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, bool IsReplayed, string Text)> SendAsync(
        ContractCaller caller, string call, string body, string key)
    {
        using var answer = await caller.SendAsync(call, body, [(Idempotency.Header, key)]);
        return (answer.StatusCode, answer.Headers.Contains(Idempotency.ReplayedHeader), await answer.Content.ReadAsStringAsync());
    }

    private static string? CodeOf(string text) => JsonDocument.Parse(text).RootElement.GetProperty("code").GetString();

    // What stands in the books: the number of entries, the balance, what is held.
    private static async Task<string> EntriesAsync(ContractCaller caller)
    {
        var (list, balance) = (await caller.OkAsync("GET /api/credits/transactions"), await caller.OkAsync("GET /api/credits"));
        return $"{list.GetProperty("totals").GetProperty("count")} {balance.GetProperty("balance")} {balance.GetProperty("held")}";
    }
}
