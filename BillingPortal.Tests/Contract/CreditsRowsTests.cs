using System.Net;
using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Tests.Purchases;
using static BillingPortal.Tests.Contract.JsonShape;

namespace BillingPortal.Tests.Contract;

/// <summary>The contract's rows on balances, the wallet and the month, called as they are written there.</summary>
public sealed class CreditsRowsTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private const string Transaction =
        """
        {"id":"","kind":"","service":null,"amount":0,"balanceBefore":0,"balanceAfter":0,"reference":null,"description":"",
         "cause":{"type":"","id":null},"occurredAt":"","postedAt":""}
        """;

    [Fact]
    public async Task Credits_answer_balance_held_available_debt_unit_and_level()
    {
        var caller = await ContractCaller.WithAsync(portal, 1045.375m);

        var credits = await caller.OkAsync("GET /api/credits");

        AssertFits(
            """
            {"balance":0,"held":0,"available":0,"debt":0,"unit":"","alertLevel":"","autoRecharge":{"enabled":true,"threshold":0}}
            """, credits);
        Assert.Equal(
            ("1045.375", "credits", "good"),
            (credits.GetProperty("balance").GetRawText(), credits.GetProperty("unit").GetString(),
                credits.GetProperty("alertLevel").GetString()));
    }

    [Fact]
    public async Task Transactions_are_filtered_by_time_kind_and_reference_and_lead_on_by_cursor()
    {
        var caller = await ContractCaller.WithAsync(portal);
        foreach (var reference in new[] { "a-1", "a-2", "a-3" })
        {
            await caller.OkAsync("POST /api/usage", $$"""{"service":"email","quantity":1,"reference_id":"{{reference}}"}""");
        }

        var first = await caller.OkAsync("GET /api/credits/transactions?kind=usage&reference=a-&from=2026-01-01&limit=2");
        var next = first.GetProperty("nextCursor").GetString();
        var last = await caller.OkAsync($"GET /api/credits/transactions?kind=usage&reference=a-&from=2026-01-01&limit=2&cursor={next}");

        AssertFits(
            $$"""
            {"unit":"","transactions":[{{Transaction}}],"totals":{"count":0,"in":0,"out":0,"net":0,"isComplete":true},"nextCursor":null}
            """, first);
        Assert.Equal(["a-3", "a-2"], first.GetProperty("transactions").EnumerateArray().Select(one => $"{one.GetProperty("reference")}"));
        Assert.Equal(["a-1"], last.GetProperty("transactions").EnumerateArray().Select(one => $"{one.GetProperty("reference")}"));
        Assert.Equal(JsonValueKind.Null, last.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task Transactions_are_a_csv_for_those_who_accept_one()
    {
        var caller = await ContractCaller.WithAsync(portal);

        using var answer = await caller.SendAsync("GET /api/credits/transactions", body: null, [("Accept", "text/csv")]);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("id,occurred_at,", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_rule_auto_recharge_reads_to_the_letter()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var rule = await caller.OkAsync("GET /api/credits/auto-recharge");

        Assert.Equal("""{"enabled":false,"credits":null,"threshold":10.0}""", rule.GetRawText());
    }

    [Fact]
    public async Task Auto_recharge_is_set_in_the_short_form()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var saved = await caller.OkAsync(
            "POST /api/credits/auto-recharge", """{"enabled":true,"credits":100,"threshold":10.0}""");

        AssertFits("""{"enabled":true,"credits":0,"threshold":0}""", saved);
        Assert.True(saved.GetProperty("enabled").GetBoolean());
        Assert.Equal(100, saved.GetProperty("credits").GetDecimal());
    }

    [Fact]
    public async Task A_checkout_session_is_opened()
    {
        var caller = await ContractCaller.WithAsync(portal);

        var session = await caller.OkAsync(
            "POST /api/credits/create-checkout-session", """{"credits":100,"enable_auto_recharge":true}""");

        AssertFits("""{"session_id":"","url":""}""", session);
    }

    [Fact]
    public async Task The_wallet_answers_balance_held_and_recent_transactions()
    {
        var caller = await ContractCaller.WithAsync(portal, 10, Unit.Usd);

        var wallet = await caller.OkAsync("GET /api/wallet");

        AssertFits(
            $$"""{"balance":0,"held":0,"available":0,"debt":0,"currency":"usd","transactions":[{{Transaction}}]}""", wallet);
        Assert.Equal("usd", wallet.GetProperty("currency").GetString());
        Assert.Equal(1, wallet.GetProperty("transactions").GetArrayLength());
    }

    [Fact]
    public async Task A_tenant_sees_its_month_and_the_token_sees_all_tenants_and_settles()
    {
        var caller = await ContractCaller.WithAsync(portal, 10, Unit.Usd);
        await caller.OkAsync("POST /api/usage", """{"service":"voice","quantity":5.5,"reference_id":"call-1"}""");
        var token = caller.With("sandbox-billing-cron-token");

        var month = await caller.OkAsync("GET /api/billing/monthly");
        var totals = await token.OkAsync("GET /api/billing/monthly");
        var run = await token.OkAsync("POST /api/billing/monthly");
        var (refused, _) = await caller.CallAsync("POST /api/billing/monthly");

        Assert.Equal(0.375m, month.GetProperty("reserved").GetDecimal());
        AssertFits("""{"month":"","amount":0}""", Named(totals, month.GetProperty("month").GetString()!));
        AssertFits("""{"message":"","settled":0,"already":0,"failed":0,"timestamp":""}""", run);
        Assert.Equal(HttpStatusCode.Forbidden, refused);
    }

    private static JsonElement Named(JsonElement totals, string month) =>
        JsonSerializer.SerializeToElement(new
        {
            month = totals.GetProperty("tenants").EnumerateArray().Select(one => one.GetProperty("month").GetString())
                .First(one => one == month),
            amount = totals.GetProperty("reserved").GetProperty("amount").GetDecimal(),
        });
}
