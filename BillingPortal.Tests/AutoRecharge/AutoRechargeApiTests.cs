using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Purchases;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>The endpoints as scripts use them: paths, names and words to the letter.</summary>
public sealed class AutoRechargeApiTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private const string Short = "/api/credits/auto-recharge";
    private const string Whole = "/api/stripe/auto-recharge";
    private const string Cron = "/api/cron/auto-recharge-check";

    [Fact]
    public async Task Without_a_rule_the_short_form_reads_as_the_contract_says()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        Assert.Equal("""{"enabled":false,"credits":null,"threshold":10.0}""", await program.GetStringAsync(Short));
    }

    [Fact]
    public async Task The_short_form_saves_and_reads_back()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        var saved = await SendAsync(program, Short, """{"enabled":true,"credits":100,"threshold":10.0}""");
        var read = await program.GetFromJsonAsync<JsonObject>(Short);

        foreach (var answer in new[] { saved, read! })
        {
            Assert.Equal((true, 100m, 10m),
                ((bool)answer["enabled"]!, (decimal)answer["credits"]!, (decimal)answer["threshold"]!));
        }
    }

    [Fact]
    public async Task Switching_off_what_was_never_on_makes_no_rule()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        await SendAsync(program, Short, """{"enabled":false}""");

        Assert.Equal("""{"enabled":false,"credits":null,"threshold":10.0}""", await program.GetStringAsync(Short));
    }

    [Fact]
    public async Task Nonsense_is_a_problem_with_a_code()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        using var response = await program.PostAsJsonAsync(Short, new { enabled = true, credits = -5 });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            "invalid_auto_recharge", (string?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["code"]);
    }

    [Fact]
    public async Task Saving_below_the_threshold_over_the_api_is_the_confirmation()
    {
        var buyer = await portal.BuyerAsync();
        await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        await SendAsync(program, Short, """{"enabled":true,"credits":250,"threshold":100}""");

        await UntilAsync(async () => await buyer.BalanceAsync() == 270);
        Assert.Equal(1, (await buyer.ChargesAsync()).SucceededCharges);
    }

    [Fact]
    public async Task The_whole_form_tells_cooldown_limit_and_the_last_attempt()
    {
        var buyer = await portal.BuyerAsync();
        await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        await SendAsync(program, Whole, """{"enabled":false,"threshold":50,"amount":250,"monthlyLimit":20}""");

        var triggered = await SendAsync(program, Whole, """{"triggerNow":true}""");
        var read = await program.GetFromJsonAsync<JsonObject>(Whole);

        Assert.Equal((true, "succeeded"), ((bool)triggered["success"]!, (string)triggered["status"]!));
        Assert.NotNull(triggered["attemptId"]);
        Assert.False(triggered.ContainsKey("reason"));
        Assert.NotNull(read!["lastTriggeredAt"]);
        Assert.Equal(60, (int)read["cooldown"]!["minutes"]!);
        Assert.NotNull(read["cooldown"]!["until"]);
        Assert.Equal((20m, 6.5m, 13.5m), (
            (decimal)read["limit"]!["monthly"]!, (decimal)read["limit"]!["spent"]!, (decimal)read["limit"]!["left"]!));
    }

    [Fact]
    public async Task Smart_mode_notice_and_grace_are_saved_and_read_back()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        var saved = await SendAsync(
            program, Whole, """{"enabled":true,"threshold":50,"amount":250,"smartMode":"propose","noticeHours":24,"graceDays":7}""");
        var read = await program.GetFromJsonAsync<JsonObject>(Whole);

        foreach (var answer in new[] { saved, read! })
        {
            Assert.Equal(("propose", 24, 7), (
                (string)answer["smart"]!["mode"]!, (int)answer["noticeHours"]!, (int)answer["graceDays"]!));
            Assert.Null(answer["smart"]!["proposedThreshold"]);
            Assert.Contains("at least 7 days", (string)answer["smart"]!["reason"]!, StringComparison.Ordinal);
            Assert.Null(answer["graceUntil"]);
        }
    }

    [Theory]
    [InlineData("""{"smartMode":"clever"}""")]
    [InlineData("""{"noticeHours":73}""")]
    [InlineData("""{"graceDays":-1}""")]
    public async Task Settings_out_of_range_are_refused(string json)
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        using var response = await program.PostAsync(Whole, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    // The wallet plan reserves usage with its month: it counts on its day all the same. Emails for $3.20 on eight days.
    [Fact]
    public async Task What_the_wallet_plan_reserves_counts_for_smart_mode()
    {
        var buyer = await portal.BuyerAsync(Unit.Usd);
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = buyer.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Usd(100),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow().AddDays(-20),
        });
        using var program = await portal.ProgramAsync(buyer.Tenant);
        for (var day = 1; day <= 8; day++)
        {
            await SendAsync(program, "/api/usage", new JsonObject
            {
                ["service"] = "email",
                ["quantity"] = 320,
                ["reference_id"] = $"mail-{day}",
                ["occurred_at"] = TimeProvider.System.GetUtcNow().AddDays(-day),
            }.ToJsonString());
        }

        var smart = (await program.GetFromJsonAsync<JsonObject>(Whole))!["smart"]!;

        Assert.Equal((3.2m, 23m), ((decimal)smart["proposedThreshold"]!, (decimal)smart["proposedAmount"]!));
    }

    [Fact]
    public async Task A_trigger_that_charges_nothing_says_why()
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());
        await SendAsync(program, Whole, """{"enabled":true,"threshold":50,"amount":250}""");

        var answer = await SendAsync(program, Whole, """{"triggerNow":true}""");

        Assert.Equal("""{"success":false,"status":"skipped","reason":"no_card"}""", answer.ToJsonString());
    }

    [Fact]
    public async Task A_repeated_trigger_under_one_key_charges_once()
    {
        var buyer = await portal.BuyerAsync();
        await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        await SendAsync(program, Whole, """{"enabled":false,"amount":250}""");
        program.DefaultRequestHeaders.Add("Idempotency-Key", "once");

        var first = await SendAsync(program, Whole, """{"triggerNow":true}""");
        var second = await SendAsync(program, Whole, """{"triggerNow":true}""");

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(1, (await buyer.ChargesAsync()).SucceededCharges);
    }

    [Fact]
    public async Task The_cron_caller_gets_its_counts()
    {
        using var cron = portal.Bearer("sandbox-cron-secret");

        var answer = await cron.GetFromJsonAsync<JsonObject>(Cron);

        Assert.Equal("Auto-recharge check completed", (string)answer!["message"]!);
        Assert.Equal(
            (int)answer["processed"]!, (int)answer["recharged"]! + (int)answer["skipped"]! + (int)answer["failed"]!);
        Assert.NotNull(answer["timestamp"]);
    }

    [Fact]
    public async Task Nobody_else_may_run_the_sweep()
    {
        using var stranger = portal.Browser();
        using var program = await portal.ProgramAsync(await portal.TenantAsync());
        using var wrong = portal.Bearer("another-secret");

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Cron)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.GetAsync(Cron)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync(Cron)).StatusCode);
    }

    [Fact]
    public async Task A_viewer_may_look_and_not_change()
    {
        var tenant = await portal.TenantAsync();
        using var viewer = await portal.SignedInAsync(tenant, MemberRole.Viewer);
        using var reader = await portal.ProgramAsync(tenant, ApiScopes.Read);

        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(Whole)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(Short)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync(Short, new { enabled = true })).StatusCode);
    }

    // The whole path in a running portal: usage over the ledger, the signal, the charge, the credits.
    [Fact]
    public async Task A_running_portal_recharges_by_itself_when_usage_crosses_the_threshold()
    {
        var buyer = await portal.BuyerAsync();
        await buyer.PayAsync(); // 250 credits
        using var program = await portal.ProgramAsync(buyer.Tenant);
        await SendAsync(program, Short, """{"enabled":true,"credits":100,"threshold":100}""");

        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = buyer.Id,
            Operation = LedgerOperation.Debit,
            Amount = Amount.Credits(200),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.SmsRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });

        await UntilAsync(async () => await buyer.BalanceAsync() == 170);
        Assert.Equal(2, (await buyer.ChargesAsync()).SucceededCharges);
    }

    private static async Task<JsonObject> SendAsync(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    // The portal works in the background; half a minute is far more than it needs.
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var look = 0; look < 300 && !await isSo(); look++)
        {
            await Task.Delay(100);
        }

        Assert.True(await isSo(), "The portal did not come to it within half a minute.");
    }
}
