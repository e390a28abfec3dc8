using System.Net;
using BillingPortal.Tests.Purchases;
using static BillingPortal.Tests.Contract.JsonShape;

namespace BillingPortal.Tests.Contract;

/// <summary>The contract's rows on usage and holds, called as they are written there.</summary>
public sealed class UsageRowsTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private const string Hold = """{"holdId":"","amount":0,"unit":"","available":0,"maxQuantity":0,"maxSeconds?":0}""";

    [Fact]
    public async Task One_event_is_posted_once_and_a_repeat_is_a_duplicate()
    {
        var caller = await ContractCaller.WithAsync(portal);
        const string Body =
            """
            {"service":"voice","quantity":3.5,"reference_id":"call-1","occurred_at":"2026-11-20T09:30:00Z","metadata":{"agent":"eva"}}
            """;

        var first = await caller.OkAsync("POST /api/usage", Body);
        var second = await caller.OkAsync("POST /api/usage", Body);
        var other = await caller.OkAsync("POST /api/usage", """{"service":"voice","quantity":9,"reference_id":"call-1"}""");

        AssertFits("""{"outcome":"","amount":0,"unit":"","balanceAfter":0,"entryId":""}""", first);
        Assert.Equal(("posted", 100, 900), (
            first.GetProperty("outcome").GetString(), first.GetProperty("amount").GetDecimal(),
            first.GetProperty("balanceAfter").GetDecimal()));
        Assert.Equal("duplicate", second.GetProperty("outcome").GetString());
        Assert.Equal(("duplicate", 100, "differs"), (
            other.GetProperty("outcome").GetString(), other.GetProperty("amount").GetDecimal(), other.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task An_event_that_is_not_covered_is_a_402_with_what_there_is_and_what_it_takes()
    {
        var caller = await ContractCaller.WithAsync(portal, balance: 3);

        var (status, problem) = await caller.CallAsync(
            "POST /api/usage", """{"service":"sms_outbound","quantity":1,"reference_id":"sms-1"}""");

        AssertFits(
            """
            {"type?":"","title":"","status":0,"detail":"","code":"","balance":0,"available":0,"required":0,"unit":"","traceId":""}
            """, problem);
        Assert.Equal((HttpStatusCode.PaymentRequired, "insufficient_balance", 3, 5), (
            status, problem.GetProperty("code").GetString(), problem.GetProperty("balance").GetInt32(),
            problem.GetProperty("required").GetInt32()));
    }

    [Fact]
    public async Task An_array_answers_one_result_per_event()
    {
        var caller = await ContractCaller.WithAsync(portal, balance: 30);

        var answer = await caller.OkAsync(
            "POST /api/usage",
            """
            [{"service":"voice","quantity":1,"reference_id":"r-1"},{"service":"voice","quantity":1,"reference_id":"r-1"},
             {"service":"voice","quantity":1,"reference_id":"r-2"},{"service":"pigeon","quantity":1,"reference_id":"r-3"}]
            """);

        AssertFits(
            """
            {"results":[{"reference_id":"","outcome":"","reason?":"","detail?":"","amount?":0,"balanceAfter?":0,"entryId?":""}]}
            """, answer);
        Assert.Equal(
            "r-1 posted,r-1 duplicate,r-2 insufficient,r-3 invalid",
            string.Join(',', answer.GetProperty("results").EnumerateArray()
                .Select(one => $"{one.GetProperty("reference_id")} {one.GetProperty("outcome")}")));
    }

    [Fact]
    public async Task A_call_is_reserved_and_what_was_used_is_settled()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var held = await caller.OkAsync(
            "POST /api/usage/holds", """{"service":"voice","quantity":10,"reference_id":"call-1","expires_in_seconds":3600}""");
        var id = held.GetProperty("holdId").GetString();
        var captured = await caller.OkAsync($"POST /api/usage/holds/{id}/capture", """{"quantity":7.5}""");

        AssertFits(Hold, held);
        Assert.Equal((250, 750), (held.GetProperty("amount").GetDecimal(), held.GetProperty("available").GetDecimal()));
        AssertFits(
            """{"outcome":"","amount":0,"unit":"","balanceAfter":0,"available":0,"debt":0,"entryId":"","reason?":""}""", captured);
        Assert.Equal((200, 800), (captured.GetProperty("amount").GetDecimal(), captured.GetProperty("balanceAfter").GetDecimal()));
    }

    [Fact]
    public async Task A_hold_is_released()
    {
        var caller = await ContractCaller.WithAsync(portal);
        var held = await caller.OkAsync("POST /api/usage/holds", """{"service":"voice","quantity":10,"reference_id":"call-1"}""");
        var id = held.GetProperty("holdId").GetString();

        var released = await caller.OkAsync($"POST /api/usage/holds/{id}/release");

        AssertFits("""{"outcome":"","amount":0,"unit":"","available":0}""", released);
        Assert.Equal(1000, released.GetProperty("available").GetDecimal());
    }
}
