using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Web;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Usage;

/// <summary>More for a call that is under way, over real HTTP: the quantity is what is added.</summary>
public sealed class UsageHoldExtensionTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task The_answer_is_that_of_the_hold_with_all_that_is_reserved_now()
    {
        using var program = await ProgramAsync(300);
        var hold = await HoldAsync(program, minutes: 2);

        var (status, answer) = await ExtendAsync(program, hold, """{"quantity":3}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            $$"""{"holdId":"{{hold}}","amount":125,"unit":"credits","available":175,"maxQuantity":12,"maxSeconds":720}""",
            answer.GetRawText());
    }

    // The connection of 0.10 was reserved with the hold: 2.5 more minutes are 0.125.
    [Fact]
    public async Task On_the_wallet_plan_the_connection_is_reserved_once_and_seconds_count()
    {
        using var program = await ProgramAsync(1, Unit.Usd);
        var hold = await HoldAsync(program, minutes: 2);

        var (_, answer) = await ExtendAsync(program, hold, """{"quantity":2.5}""");

        Assert.Equal(
            (0.325m, 0.675m, 18m, 1080),
            (answer.GetProperty("amount").GetDecimal(), answer.GetProperty("available").GetDecimal(),
             answer.GetProperty("maxQuantity").GetDecimal(), answer.GetProperty("maxSeconds").GetInt32()));
    }

    // $0.1509 pays the connection and 61.08 s: the quantity has four places, the seconds are whole.
    [Theory]
    [InlineData("0.1509", 1.018, 61)]
    [InlineData("0.15", 1, 60)]
    [InlineData("0.1499", 0.998, 59)]
    public async Task The_longest_call_is_told_to_the_second(string dollars, double minutes, int seconds)
    {
        var tenant = await portal.TenantAsync(Unit.Usd);
        await CreditAsync(tenant, decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture));
        using var program = await portal.ProgramAsync(tenant);

        var answer = await PostAsync(
            program, "/api/usage/holds", $$"""{"service":"voice","quantity":0.5,"reference_id":"{{Ids.New()}}"}""");

        Assert.Equal(
            ((decimal)minutes, seconds),
            (answer.Body.GetProperty("maxQuantity").GetDecimal(), answer.Body.GetProperty("maxSeconds").GetInt32()));
    }

    [Fact]
    public async Task Under_one_key_a_hold_is_extended_once()
    {
        using var program = await ProgramAsync(300);
        var hold = await HoldAsync(program, minutes: 2);

        var first = await ExtendAsync(program, hold, """{"quantity":1}""", key: "one");
        var again = await ExtendAsync(program, hold, """{"quantity":1}""", key: "one");
        var other = await ExtendAsync(program, hold, """{"quantity":2}""", key: "one");
        var next = await ExtendAsync(program, hold, """{"quantity":1}""", key: "two");

        Assert.Equal((75m, first.Body.GetRawText()), (first.Body.GetProperty("amount").GetDecimal(), again.Body.GetRawText()));
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_key_reused"), (other.Status, CodeOf(other.Body)));
        Assert.Equal(100m, next.Body.GetProperty("amount").GetDecimal());
    }

    [Fact]
    public async Task What_the_balance_does_not_cover_is_a_402_and_changes_nothing()
    {
        using var program = await ProgramAsync(100);
        var hold = await HoldAsync(program, minutes: 2);

        var (status, answer) = await ExtendAsync(program, hold, """{"quantity":3}""");

        Assert.Equal((HttpStatusCode.PaymentRequired, "insufficient_balance"), (status, CodeOf(answer)));
        Assert.Equal(
            (75m, 50m, 4m),
            (answer.GetProperty("required").GetDecimal(), answer.GetProperty("available").GetDecimal(),
             answer.GetProperty("maxQuantity").GetDecimal()));
    }

    [Fact]
    public async Task It_ends_with_its_hold_and_another_tenants_is_unknown()
    {
        using var program = await ProgramAsync(100);
        using var stranger = await ProgramAsync(100);
        var hold = await HoldAsync(program, minutes: 1);

        Assert.Equal(HttpStatusCode.NotFound, (await ExtendAsync(stranger, hold, """{"quantity":1}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ExtendAsync(program, Ids.New(), """{"quantity":1}""")).Status);
        await PostAsync(program, $"/api/usage/holds/{hold}/capture", """{"quantity":1}""");
        var ended = await ExtendAsync(program, hold, """{"quantity":1}""");

        Assert.Equal((HttpStatusCode.Conflict, "hold_ended"), (ended.Status, CodeOf(ended.Body)));
    }

    [Theory]
    [InlineData("{}", "invalid_quantity")]
    [InlineData("""{"quantity":0}""", "invalid_quantity")]
    [InlineData("""{"quantity":-1}""", "invalid_quantity")]
    [InlineData("""{"quantity":"2"}""", "invalid_quantity")]
    [InlineData("[]", "not_an_object")]
    [InlineData("""{"quantity":1,"expires_in_seconds":0}""", "invalid_expires_in_seconds")]
    [InlineData("""{"quantity":1,"expires_in_seconds":86401}""", "invalid_expires_in_seconds")]
    public async Task What_cannot_be_taken_is_refused_in_words(string body, string code)
    {
        using var program = await ProgramAsync(100);
        var hold = await HoldAsync(program, minutes: 1);

        var (status, answer) = await ExtendAsync(program, hold, body);

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, CodeOf(answer)));
    }

    // The hold is a moment old: a whole day from now is a moment too long.
    [Fact]
    public async Task A_hold_lasts_a_day_from_its_beginning_at_most()
    {
        using var program = await ProgramAsync(100);
        var hold = await HoldAsync(program, minutes: 1);

        var tooLong = await ExtendAsync(program, hold, """{"quantity":1,"expires_in_seconds":86400}""");
        var longer = await ExtendAsync(program, hold, """{"quantity":1,"expires_in_seconds":80000}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_expires_in_seconds"), (tooLong.Status, CodeOf(tooLong.Body)));
        Assert.Equal(HttpStatusCode.OK, longer.Status);
    }

    private static string? CodeOf(JsonElement body) => body.GetProperty("code").GetString();

    private async Task<HttpClient> ProgramAsync(decimal balance, Unit plan = Unit.Credits)
    {
        var tenant = await portal.TenantAsync(plan);
        await CreditAsync(tenant, balance);
        return await portal.ProgramAsync(tenant);
    }

    private async Task CreditAsync(Tenant tenant, decimal balance) =>
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Of(balance, tenant.Plan),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });

    private static async Task<Guid> HoldAsync(HttpClient program, decimal minutes)
    {
        var hold = await PostAsync(
            program, "/api/usage/holds", $$"""{"service":"voice","quantity":{{minutes}},"reference_id":"{{Ids.New()}}"}""");
        Assert.Equal(HttpStatusCode.OK, hold.Status);
        return hold.Body.GetProperty("holdId").GetGuid();
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> ExtendAsync(
        HttpClient program, Guid hold, string body, string? key = null) =>
        PostAsync(program, $"/api/usage/holds/{hold}/extend", body, key);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        HttpClient program, string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        using var answer = await program.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
