using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Usage;

/// <summary>The public interface for usage and holds, over real HTTP with a real key.</summary>
public sealed class UsageEndpointsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task One_event_is_answered_with_what_it_cost()
    {
        var program = await ProgramAsync(credits: 100);

        var answer = await PostAsync(program, "/api/usage",
            """
            {"service":"voice","quantity":2.4,"reference_id":"call-1","occurred_at":"2026-11-20T09:00:00Z",
             "metadata":{"to":"+12025550100"}}
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            """{"outcome":"posted","amount":75,"unit":"credits","balanceAfter":25,"entryId":"credits-2"}""", answer.Body.ToJsonString());
    }

    [Fact]
    public async Task A_repeat_is_a_duplicate_with_the_first_answer_and_says_when_it_differs()
    {
        var program = await ProgramAsync(credits: 100);
        const string Event = """{"service":"email","quantity":3,"reference_id":"mail-1"}""";
        await PostAsync(program, "/api/usage", Event);

        var repeat = await PostAsync(program, "/api/usage", Event);
        var other = await PostAsync(program, "/api/usage", """{"service":"email","quantity":4,"reference_id":"mail-1"}""");

        Assert.Equal(
            """{"outcome":"duplicate","amount":3,"unit":"credits","balanceAfter":97,"entryId":"credits-2"}""", repeat.Body.ToJsonString());
        Assert.Equal(("duplicate", "differs", 3), (other.Text("outcome"), other.Text("reason"), (int)other.Body["amount"]!));
    }

    [Fact]
    public async Task On_the_wallet_plan_amounts_are_dollars_exact_to_four_places_and_reserved_until_the_month_is_settled()
    {
        var program = await ProgramAsync(usd: 1, plan: Unit.Usd);

        var answer = await PostAsync(program, "/api/usage", """{"service":"voice","quantity":5.5,"reference_id":"call-1"}""");

        Assert.Equal(
            """{"outcome":"posted","amount":0.375,"unit":"usd","balanceAfter":1,"entryId":null}""", answer.Body.ToJsonString());
    }

    [Fact]
    public async Task What_the_balance_does_not_cover_is_a_402_that_says_what_it_takes()
    {
        var program = await ProgramAsync(credits: 20);

        var answer = await PostAsync(program, "/api/usage", """{"service":"voice","quantity":1,"reference_id":"call-1"}""");

        Assert.Equal((HttpStatusCode.PaymentRequired, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.Equal(
            ("insufficient_balance", 20, 25), (answer.Text("code"), (int)answer.Body["balance"]!, (int)answer.Body["required"]!));
    }

    [Fact]
    public async Task An_array_is_answered_line_by_line()
    {
        var program = await ProgramAsync(credits: 27);

        var answer = await PostAsync(program, "/api/usage",
            """
            [{"service":"voice","quantity":1,"reference_id":"a"}, {"service":"voice","quantity":1,"reference_id":"b"},
             {"service":"teleport","quantity":1,"reference_id":"c"}, {"service":"fax","quantity":1,"reference_id":"d"}, 7,
             {"service":"voice","quantity":1,"reference_id":"a"}, {"service":"email","quantity":2,"reference_id":"e"}]
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ["a posted  2", "b insufficient  ", "c invalid unknown_service ", "d invalid service_not_offered ", " invalid not_an_object ",
                "a duplicate  2", "e posted  0"],
            answer.Body["results"]!.AsArray().Select(line =>
                $"{line!["reference_id"]} {line["outcome"]} {line["reason"]} {line["balanceAfter"]}"));
    }

    [Theory]
    [InlineData("""{"service":"teleport","quantity":1,"reference_id":"r"}""", "unknown_service")]
    [InlineData("""{"service":"fax","quantity":1,"reference_id":"r"}""", "service_not_offered")]
    [InlineData("""{"service":"email","quantity":0,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"email","quantity":1}""", "invalid_reference_id")]
    [InlineData("""{"service":"email","quantity":1,"reference_id":"r","occurred_at":"soon"}""", "invalid_occurred_at")]
    [InlineData("7", "not_an_object")]
    [InlineData("[]", "invalid_event_count")]
    [InlineData("{", "malformed_json")]
    public async Task What_is_wrong_with_a_request_is_named(string body, string code)
    {
        var program = await ProgramAsync(credits: 100);

        var answer = await PostAsync(program, "/api/usage", body);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Text("code")));
        Assert.NotEmpty(answer.Text("detail")!);
    }

    [Fact]
    public async Task A_thousand_events_go_in_one_request_and_no_more()
    {
        var program = await ProgramAsync(credits: 1_000);
        var note = new string('é', 4_000);
        string Events(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(i =>
            $$$"""{"service":"email","quantity":1,"reference_id":"mail-{{{i}}}","metadata":{"note":"{{{note}}}"}}""")) + "]";

        var answer = await PostAsync(program, "/api/usage", Events(1_000));
        var tooMany = await PostAsync(program, "/api/usage", Events(1_001));

        Assert.All(answer.Body["results"]!.AsArray(), line => Assert.Equal("posted", (string?)line!["outcome"]));
        Assert.Equal("invalid_event_count", tooMany.Text("code"));
    }

    [Fact]
    public async Task A_call_is_reserved_captured_and_answered_again_the_same()
    {
        var program = await ProgramAsync(credits: 260);

        var hold = await PostAsync(program, "/api/usage/holds",
            """{"service":"voice","quantity":4,"reference_id":"CA1","expires_in_seconds":60}""");
        var id = hold.Text("holdId");
        var capture = await PostAsync(program, $"/api/usage/holds/{id}/capture", """{"quantity":1.2}""");
        var repeat = await PostAsync(program, $"/api/usage/holds/{id}/capture", """{"quantity":1.2}""");

        Assert.Equal((100, 160, 10), ((int)hold.Body["amount"]!, (int)hold.Body["available"]!, (int)hold.Body["maxQuantity"]!));
        Assert.Equal(
            """{"outcome":"posted","amount":50,"unit":"credits","balanceAfter":210,"available":210,"debt":0,"entryId":"credits-2"}""",
            capture.Body.ToJsonString());
        Assert.Equal(("duplicate", 50), (repeat.Text("outcome"), (int)repeat.Body["amount"]!));
    }

    [Fact]
    public async Task A_hold_is_given_back_once_and_cannot_be_captured_then()
    {
        var program = await ProgramAsync(credits: 100);
        var hold = await PostAsync(program, "/api/usage/holds", """{"service":"voice","quantity":2,"reference_id":"CA1"}""");
        var address = $"/api/usage/holds/{hold.Text("holdId")}";

        var release = await PostAsync(program, $"{address}/release", "");
        var capture = await PostAsync(program, $"{address}/capture", """{"quantity":1}""");
        var unknown = await PostAsync(program, $"/api/usage/holds/{Ids.New()}/capture", """{"quantity":1}""");

        Assert.Equal(("released", 50, 100),
            (release.Text("outcome"), (int)release.Body["amount"]!, (int)release.Body["available"]!));
        Assert.Equal((HttpStatusCode.Conflict, "hold_ended"), (capture.Status, capture.Text("code")));
        Assert.Equal((HttpStatusCode.NotFound, "unknown_hold"), (unknown.Status, unknown.Text("code")));
    }

    [Fact]
    public async Task A_hold_that_does_not_fit_is_a_402_that_says_how_much_would()
    {
        var program = await ProgramAsync(credits: 60);

        var answer = await PostAsync(program, "/api/usage/holds", """{"service":"voice","quantity":3,"reference_id":"CA1"}""");

        Assert.Equal((HttpStatusCode.PaymentRequired, "insufficient_balance", 75, 2),
            (answer.Status, answer.Text("code"), (int)answer.Body["required"]!, (int)answer.Body["maxQuantity"]!));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("86401")]
    [InlineData("1.5")]
    [InlineData("\"60\"")]
    public async Task A_holds_life_is_a_whole_number_of_seconds_up_to_a_day(string seconds)
    {
        var program = await ProgramAsync(credits: 60);

        var answer = await PostAsync(program, "/api/usage/holds",
            $$"""{"service":"voice","quantity":1,"reference_id":"CA1","expires_in_seconds":{{seconds}}}""");

        Assert.Equal("invalid_expires_in_seconds", answer.Text("code"));
    }

    [Fact]
    public async Task Another_tenants_hold_is_unknown_and_its_usage_is_not_touched()
    {
        var (mine, other) = (await ProgramAsync(credits: 100), await ProgramAsync(credits: 100));
        var hold = await PostAsync(other, "/api/usage/holds", """{"service":"voice","quantity":1,"reference_id":"CA1"}""");

        var capture = await PostAsync(mine, $"/api/usage/holds/{hold.Text("holdId")}/capture", """{"quantity":1}""");

        Assert.Equal("unknown_hold", capture.Text("code"));
    }

    [Fact]
    public async Task A_tenant_that_the_body_names_is_nobodys()
    {
        var program = await ProgramAsync(credits: 100);
        var other = await portal.TenantAsync();

        var answer = await PostAsync(program, "/api/usage",
            $$"""{"service":"email","quantity":3,"reference_id":"mail-1","tenant_id":"{{other.Id}}","tenant":"{{other.Slug}}"}""");

        Assert.Equal(
            """{"outcome":"posted","amount":3,"unit":"credits","balanceAfter":97,"entryId":"credits-2"}""", answer.Body.ToJsonString());
    }

    [Fact]
    public async Task Only_a_key_with_the_scope_usage_may_report()
    {
        var tenant = await portal.TenantAsync();
        using var reader = await portal.ProgramAsync(tenant, ApiScopes.Read);
        using var stranger = portal.Browser();
        const string Event = """{"service":"email","quantity":1,"reference_id":"m"}""";

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(reader, "/api/usage", Event)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(stranger, "/api/usage", Event)).Status);
    }

    private async Task<HttpClient> ProgramAsync(decimal credits = 0, decimal usd = 0, Unit plan = Unit.Credits)
    {
        var tenant = await portal.TenantAsync(plan);
        foreach (var amount in new[] { Amount.Credits(credits), Amount.Usd(usd) }.Where(amount => amount.IsPositive))
        {
            await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
            {
                TenantId = tenant.Id,
                Operation = LedgerOperation.Credit,
                Amount = amount,
                Kind = EntryKind.Purchase,
                Counter = CounterAccount.CardClearing,
                Key = Ids.New(),
                CauseType = "test",
                OccurredAt = tenant.CreatedAt,
            });
        }

        return await portal.ProgramAsync(tenant, ApiScopes.Usage);
    }

    private static async Task<Answer> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content);
        var json = await response.Content.ReadFromJsonAsync<JsonObject>();
        return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, json!);
    }

    /// <summary>Status, media type and body of one answer.</summary>
    private sealed record Answer(HttpStatusCode Status, string? MediaType, JsonObject Body)
    {
        public string? Text(string name) => (string?)Body[name];
    }
}
