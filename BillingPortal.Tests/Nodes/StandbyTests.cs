using System.Collections.Concurrent;
using System.Net.Http.Json;
using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Kernel;
using BillingPortal.Webhooks;

namespace BillingPortal.Tests.Nodes;

/// <summary>
/// The primary dies with SIGKILL and its synchronous standby takes over: nothing acknowledged is lost, nothing is there twice.
/// </summary>
public sealed class StandbyTests : IAsyncLifetime
{
    private const string LastCheckIn = "SELECT max(last_checkin_time) FROM jobs.qrtz_scheduler_state";
    private const int Programs = 8;
    private const int AnswersEachWay = 200;
    private readonly StandbyScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // Every program repeats an event under its reference until it is acknowledged, as a program should.
    [Fact]
    public async Task The_portal_goes_on_with_the_promoted_standby_and_loses_nothing()
    {
        using var enough = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<string>();
        var load = Enumerable.Range(0, Programs).Select(i => PostAsync(i, acknowledged, enough.Token)).ToList();
        await _scene.EventuallyAsync(() => Task.FromResult(acknowledged.Count >= AnswersEachWay), "the load is under way");

        await _scene.FailOverAsync();
        var before = acknowledged.Count;
        await _scene.EventuallyAsync(
            () => Task.FromResult(acknowledged.Count >= before + AnswersEachWay), "the portal posts on the new primary");
        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal(
            acknowledged.Count,
            await _scene.OnStandbyAsync<long>(
                "SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'usage'", _scene.TenantId));
        await _scene.AssertBooksAsync();
        await _scene.EventuallyAsync(
            async () => await _scene.OnStandbyAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'BillingPortal signals'") == 1,
            "the signals come from the new primary");
        var checkedIn = await _scene.OnStandbyAsync<long>(LastCheckIn);
        await _scene.EventuallyAsync(
            async () => await _scene.OnStandbyAsync<long>(LastCheckIn) > checkedIn, "the scheduler checks in at the new primary");
        using var client = _scene.Client();
        using var ready = await client.GetAsync("/health/ready");
        Assert.True(ready.IsSuccessStatusCode);
    }

    // The standby is frozen: the primary has the entry, but its death would take it along. Giving up the wait must not look like a yes.
    [Fact]
    public async Task What_the_standby_has_not_confirmed_is_not_acknowledged()
    {
        using var client = _scene.Client();
        using (var warm = await EventAsync(client, "confirmed"))
        {
            Assert.True(warm.IsSuccessStatusCode, await warm.Content.ReadAsStringAsync());
        }

        _scene.PauseStandby();
        var waiting = EventAsync(client, "unconfirmed");
        var repeat = EventAsync(client, "unconfirmed"); // it must not find the entry and call it posted
        await _scene.EventuallyAsync(
            async () => await _scene.OnPrimaryAsync<bool>(
                """
                SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'portal_ops'
                  AND query LIKE '%ledger_post%' AND state_change < clock_timestamp() - interval '7 seconds')
                """),
            "the posting has waited more than twice as long as a command may take");
        Assert.False(waiting.IsCompleted || repeat.IsCompleted);

        _scene.ResumeStandby();
        foreach (var request in new[] { waiting, repeat })
        {
            using var answer = await request;
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(
            2L,
            await _scene.OnPrimaryAsync<long>(
                "SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'usage'", _scene.TenantId));
    }

    [Fact]
    public async Task A_commit_and_a_webhook_wait_for_the_standby_whoever_loses_patience()
    {
        await using var database = new Database(ConnectionStrings.FromOwner(_scene.Both));
        await using (var unit = await database.BeginOpsAsync())
        {
            using var impatience = new CancellationTokenSource();
            unit.Db.Add(new JobRun { Id = Ids.New(), Name = "standby", StartedAt = TimeProvider.System.GetUtcNow() });
            await unit.Db.SaveChangesAsync();
            _scene.PauseStandby();

            var commit = unit.CommitAsync(impatience.Token);
            var arrived = new ArrivedEvent("evt_standby", "charge.refunded", null, TimeProvider.System.GetUtcNow(), "{}");
            var webhook = new WebhookInbox(database, TimeProvider.System).StoreAsync(
                WebhookInbox.Stripe, arrived, EventSource.Webhook, impatience.Token);
            await _scene.EventuallyAsync(
                async () => await _scene.OnPrimaryAsync<bool>(
                    """
                    SELECT count(*) = 2 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = $1
                      AND state_change < clock_timestamp() - interval '7 seconds'
                    """,
                    ConnectionStrings.OwnName),
                "both have waited more than twice as long as a command may take");
            await impatience.CancelAsync();
            Assert.False(commit.IsCompleted || webhook.IsCompleted);

            _scene.ResumeStandby();
            await commit;
            Assert.True(await webhook);
        }
    }

    private async Task PostAsync(int program, ConcurrentBag<string> acknowledged, CancellationToken enough)
    {
        using var client = _scene.Client();
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var reference = $"standby-{program}-{i}";
            while (!await IsAcknowledgedAsync(client, reference))
            {
                await Task.Delay(50, CancellationToken.None);
            }

            acknowledged.Add(reference);
        }
    }

    private static async Task<bool> IsAcknowledgedAsync(HttpClient client, string reference)
    {
        using var answer = await EventAsync(client, reference);
        return answer.IsSuccessStatusCode;
    }

    private static Task<HttpResponseMessage> EventAsync(HttpClient client, string reference) =>
        client.PostAsJsonAsync("/api/usage", new { service = "email", quantity = 1, reference_id = reference });
}
