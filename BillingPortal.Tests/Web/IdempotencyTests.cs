using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Web;
using static BillingPortal.Tests.Web.ProbeHost;

namespace BillingPortal.Tests.Web;

/// <summary>One key, one effect, one answer: over real HTTP and PostgreSQL.</summary>
public sealed class IdempotencyTests(ProbeHost host) : IClassFixture<ProbeHost>
{
    [Fact]
    public async Task A_repeated_key_works_once_and_gets_the_first_answer()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        var first = await SendAsync(client, "work", new Work(name), "key-1");
        var second = await SendAsync(client, "work", new Work(name), "key-1");

        Assert.Equal(1, host.Done[name]);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("application/json", second.Content.Headers.ContentType!.MediaType);
        Assert.False(first.Headers.Contains(Idempotency.ReplayedHeader));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues(Idempotency.ReplayedHeader)));
    }

    [Fact]
    public async Task Without_a_key_every_request_counts()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        await SendAsync(client, "work", new Work(name), null);
        await SendAsync(client, "work", new Work(name), null);

        Assert.Equal(2, host.Done[name]);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        await SendAsync(client, "work", new Work(name, 1), "key-1");

        await AssertProblemAsync(
            await SendAsync(client, "work", new Work(name, 2), "key-1"), HttpStatusCode.Conflict, "idempotency_key_reused");
        Assert.Equal(1, host.Done[name]);
    }

    [Fact]
    public async Task A_key_counts_per_endpoint_and_per_tenant()
    {
        var (client, _) = await host.ProgramAsync();
        var (stranger, _) = await host.ProgramAsync();
        var name = Name();
        await SendAsync(client, "work", new Work(name), "key-1");
        await SendAsync(client, "other", new Work(name), "key-1");
        await SendAsync(stranger, "work", new Work(name), "key-1");

        Assert.Equal(3, host.Done[name]);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_and_frees_the_key()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        await AssertProblemAsync(
            await SendAsync(client, "refuse", new Work(name), "key-1"), HttpStatusCode.PaymentRequired, "insufficient_balance");
        await AssertProblemAsync(
            await SendAsync(client, "refuse", new Work(name, 2), "key-1"), HttpStatusCode.PaymentRequired, "insufficient_balance");

        Assert.Equal(2, host.Done[name]);
    }

    [Fact]
    public async Task A_failure_frees_the_key_and_shows_a_reference_instead_of_the_reason()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        var answer = await SendAsync(client, "throw", new Work(name), "key-1");
        var problem = await AssertProblemAsync(answer, HttpStatusCode.InternalServerError, "internal_error");
        await SendAsync(client, "throw", new Work(name), "key-1");

        Assert.Equal(2, host.Done[name]);
        Assert.NotEmpty(problem.GetProperty("referenceId").GetString()!);
        Assert.DoesNotContain("secret detail", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_at_the_same_time_runs_once_and_the_others_are_told_to_wait()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        host.Gates[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racing = Enumerable.Range(0, 5).Select(_ => SendAsync(client, "slow", new Work(name), "key-1")).ToList();
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 4)
        {
            var answered = await Task.WhenAny(racing);
            racing.Remove(answered);
            refused.Add(await answered);
        }

        host.Gates[name].SetResult();
        var winner = await Assert.Single(racing);
        Assert.Equal(HttpStatusCode.OK, winner.StatusCode);
        Assert.Equal(1, host.Done[name]);
        foreach (var answer in refused)
        {
            await AssertProblemAsync(answer, HttpStatusCode.Conflict, "idempotency_key_in_use");
        }
    }

    [Fact]
    public async Task A_claim_whose_process_died_can_be_taken_over_by_the_same_request_only()
    {
        var (_, tenant) = await host.ProgramAsync();
        var died = await host.Store.ClaimAsync(tenant.Id, "POST /x", "key-1", [1], default);
        host.Clock.Advance(TimeSpan.FromMinutes(4));
        var other = await host.Store.ClaimAsync(tenant.Id, "POST /x", "key-1", [2], default);
        var same = await host.Store.ClaimAsync(tenant.Id, "POST /x", "key-1", [1], default);

        Assert.Equal(IdempotencyOutcome.Won, died.Outcome);
        Assert.Equal(IdempotencyOutcome.Reused, other.Outcome);
        Assert.Equal(IdempotencyOutcome.Won, same.Outcome);
    }

    [Fact]
    public async Task After_a_day_a_key_is_new_again_and_the_sweep_removes_it()
    {
        var (client, tenant) = await host.ProgramAsync();
        var name = Name();
        await SendAsync(client, "work", new Work(name), "key-1");
        host.Clock.Advance(IdempotencyStore.Kept);
        await SendAsync(client, "work", new Work(name), "key-1");
        Assert.Equal(2, host.Done[name]);

        host.Clock.Advance(IdempotencyStore.Kept);
        while (await host.Store.SweepAsync(1, default) == 1)
        {
            // one at a time: the sweep is bounded
        }

        await using var unit = await host.Database.BeginAsync(tenant.Id);
        await using var left = unit.Command("SELECT count(*) FROM idempotency_keys");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_key_of_256_characters_is_refused()
    {
        var (client, _) = await host.ProgramAsync();
        var name = Name();
        await AssertProblemAsync(
            await SendAsync(client, "work", new Work(name), new string('k', 256)), HttpStatusCode.BadRequest, "invalid_idempotency_key");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, "work", new Work(name), new string('k', 255))).StatusCode);
    }

    internal static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string probe, Work work, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/probe/{probe}") { Content = JsonContent.Create(work) };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        return await client.SendAsync(request);
    }

    private static string Name() => Ids.New().ToString();
}
