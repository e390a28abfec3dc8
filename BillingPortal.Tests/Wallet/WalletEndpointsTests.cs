using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Wallet;

public sealed class WalletEndpointsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly string[] Shown =
        ["id", "kind", "service", "amount", "balanceBefore", "balanceAfter", "reference", "description"];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    // 250 bought, 81 used: scripts rely on these names and on plain numbers.
    [Fact]
    public async Task The_balance_answers_in_the_agreed_shape()
    {
        var (client, _) = await LittleAsync();

        var answer = await client.GetStringAsync("/api/credits");

        Assert.Equal(
            """{"balance":169,"held":0,"available":169,"debt":0"""
            + ""","unit":"credits","alertLevel":"low","autoRecharge":{"enabled":false,"threshold":10}}""",
            answer);
    }

    [Fact]
    public async Task A_wallet_plan_answers_in_dollars()
    {
        var tenant = await portal.TenantAsync(Unit.Usd);
        await TestBooks.WriteAsync(
            portal.Connections, tenant.Id, Unit.Usd, [new Line(Now, Amount.Usd(12.375m), Service: null)]);
        var client = await portal.ProgramAsync(tenant);

        var answer = JsonNode.Parse(await client.GetStringAsync("/api/credits"))!;

        Assert.Equal("12.375 usd low", $"{answer["balance"]} {answer["unit"]} {answer["alertLevel"]}");
    }

    [Fact]
    public async Task Cursors_lead_through_all_transactions_once()
    {
        var (client, _) = await LittleAsync();
        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = JsonNode.Parse(await client.GetStringAsync($"/api/credits/transactions?limit=3&cursor={cursor}"))!;
            seen.AddRange(page["transactions"]!.AsArray().Select(row => (string)row!["id"]!));
            Assert.Equal(4, (int)page["totals"]!["count"]!);
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(["credits-4", "credits-3", "credits-2", "credits-1"], seen);
    }

    [Fact]
    public async Task A_row_says_what_moved_and_why()
    {
        var (client, _) = await LittleAsync();

        var page = JsonNode.Parse(await client.GetStringAsync("/api/credits/transactions?reference=ca7f"))!;

        var row = Assert.Single(page["transactions"]!.AsArray())!;
        Assert.Equal(
            """["credits-2","usage","voice",-75,250,175,"CA7f2c41","Voice calls","test"]""",
            new JsonArray([.. Shown.Select(name => row[name]!.DeepClone()), row["cause"]!["type"]!.DeepClone()]).ToJsonString());
        Assert.Equal("""{"count":1,"in":0,"out":75,"net":-75,"isComplete":true}""", page["totals"]!.ToJsonString());
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("text/csv, application/json;q=0.5")]
    public async Task Asked_for_csv_it_answers_csv(string accept)
    {
        var (client, _) = await LittleAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/credits/transactions?kind=purchase");
        request.Headers.Accept.ParseAdd(accept);

        using var answer = await client.SendAsync(request);

        Assert.Equal(new MediaTypeHeaderValue("text/csv", "utf-8"), answer.Content.Headers.ContentType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(",purchase,,250,credits,0,250,,", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cursor=forged", "invalid_cursor")]
    [InlineData("from=soon", "invalid_period")]
    [InlineData("kind=gift", "invalid_kind")]
    [InlineData("limit=1000000", "invalid_limit")]
    public async Task A_malformed_question_gets_a_problem_that_says_what_to_change(string query, string code)
    {
        var (client, _) = await LittleAsync();
        foreach (var path in new[] { "transactions", "transactions.csv" })
        {
            using var answer = await client.GetAsync($"/api/credits/{path}?{query}");

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        }
    }

    [Fact]
    public async Task A_viewer_may_read_and_a_key_without_the_scope_may_not()
    {
        var (_, tenant) = await LittleAsync();
        var viewer = await portal.SignedInAsync(tenant, MemberRole.Viewer);
        var usageOnly = await portal.ProgramAsync(tenant, ApiScopes.Usage);

        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/api/credits/transactions")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await usageOnly.GetAsync("/api/credits")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Browser().GetAsync("/api/credits")).StatusCode);
    }

    private async Task<(HttpClient Client, Tenant Tenant)> LittleAsync()
    {
        var tenant = await portal.TenantAsync();
        await SampleBooks.LittleAsync(portal.Connections, tenant.Id, Now);
        return (await portal.ProgramAsync(tenant), tenant);
    }
}
