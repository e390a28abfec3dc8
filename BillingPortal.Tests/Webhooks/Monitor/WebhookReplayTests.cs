using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Webhooks;
using BillingPortal.Webhooks.Monitor;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static BillingPortal.Tests.Webhooks.StripeSigner;

namespace BillingPortal.Tests.Webhooks.Monitor;

/// <summary>Putting back: once, with one line in the audit log, and without a second effect.</summary>
public sealed class WebhookReplayTests(WebhookPortal portal) : IClassFixture<WebhookPortal>, IAsyncLifetime
{
    private readonly Actor _ann = new(ActorKind.Staff, Ids.New(), "Ann Lee (support agent)");

    private WebhookReplay Replay => portal.Services.GetRequiredService<WebhookReplay>();

    public async ValueTask InitializeAsync() => await portal.Sandbox.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_handled_event_may_be_replayed_and_credits_nothing_twice()
    {
        await portal.Sandbox.SendWebhooksToAsync(portal.Address);
        var (tenant, intentId) = await portal.BeginPurchaseAsync();
        await portal.PayAsync(intentId);
        var rows = await portal.UntilAsync(intentId, rows => rows.Exists(row =>
            row is { Type: "payment_intent.succeeded", State: EventState.Handled }));
        var paid = rows.Single(row => row.Type == "payment_intent.succeeded");

        var back = await Replay.ReplayAsync([paid.Id], _ann);
        await portal.UntilAsync(intentId, again => again.TrueForAll(row => row.State is not EventState.Pending));

        Assert.Equal([paid.Id], back);
        Assert.Equal(250, await portal.BalanceAsync(tenant));
        var line = Assert.Single(await LinesAsync("webhook_event", paid.Id.ToString()));
        Assert.Equal(("webhook.replayed", "Replayed payment_intent.succeeded of stripe, which was handled"), (line.Action, line.Summary));
        var effect = Assert.Single(await portal.Services.GetRequiredService<EffectReader>().ReadAsync(paid));
        Assert.Equal((tenant.Id, "Payment of $6.50 for 250 credits: settled"), (effect.TenantId, effect.Text));
    }

    // Five dead ones of a type of their own: the filter's, all at once, and nobody else's.
    [Fact]
    public async Task All_dead_of_a_filter_are_put_back_with_one_line_of_count_and_ids()
    {
        var type = $"replay.{Ids.New():N}";
        var ids = new List<Guid>();
        foreach (var index in Enumerable.Range(0, 5))
        {
            ids.Add(await DeadAsync(type, $"tmr_{index}"));
        }

        var other = await DeadAsync($"{type}.other", "tmr_9");
        var back = await Replay.ReplayDeadAsync(WebhookFilter.None with { Type = type }, _ann);
        var again = await Replay.ReplayDeadAsync(WebhookFilter.None with { Type = type }, _ann);

        Assert.Equal(ids.Order(), back.Order());
        Assert.Empty(again);
        Assert.Equal(EventState.Dead, (await portal.Services.GetRequiredService<WebhookMonitor>().FindAsync(other))!.State);
        var line = Assert.Single(await LinesAsync("webhook_events", "5 events"));
        Assert.Equal("Replayed 5 webhook events, 5 of them dead", line.Summary);
        Assert.All(ids, id => Assert.Contains(id.ToString(), line.After, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_already_is_left_alone_and_leaves_no_line()
    {
        var unknown = Ids.New();

        Assert.Empty(await Replay.ReplayAsync([unknown], _ann));
        Assert.Empty(await LinesAsync("webhook_event", unknown.ToString()));
    }

    [Fact]
    public async Task A_dead_message_of_the_outbox_is_put_back_with_a_line_and_only_once()
    {
        var messages = portal.Services.GetRequiredService<DeadMessages>();
        var id = Ids.New();
        await using (var insert = portal.Database.Ops.CreateCommand(
            """
            INSERT INTO outbox_messages (id, kind, payload, created_at, due_at, attempts, dead_at, last_error)
            VALUES ($1, 'nobody-listens', '{}', now(), now(), 12, now(), 'ProviderException timeout: x')
            """))
        {
            insert.Parameters.Add(new() { Value = id });
            await insert.ExecuteNonQueryAsync();
        }

        Assert.Contains((await messages.PageAsync()).Rows, row => row.Id == id);
        Assert.Equal(1, await messages.ReplayAsync([id], _ann));
        Assert.Equal(0, await messages.ReplayAsync([id], _ann));

        Assert.DoesNotContain((await messages.PageAsync()).Rows, row => row.Id == id);
        Assert.Equal("outbox.replayed", Assert.Single(await LinesAsync("outbox_messages", id.ToString())).Action);
        await using var unit = await portal.Database.BeginOpsAsync();
        var message = await unit.Db.Set<OutboxMessage>().SingleAsync(row => row.Id == id);
        Assert.Equal((0, null), (message.Attempts, message.DeadAt));
    }

    private async Task<Guid> DeadAsync(string type, string objectId)
    {
        var id = $"evt_{Ids.New():N}";
        var body = Event(id, type, objectId);
        Assert.Equal(System.Net.HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, Secret)));
        await portal.UntilAsync(objectId, rows => rows.Exists(row => row.EventId == id && row.State is EventState.Ignored));
        await using var unit = await portal.Database.BeginOpsAsync();
        await unit.Db.Set<WebhookEvent>().Where(row => row.EventId == id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, EventState.Dead).SetProperty(row => row.LastError, "ProviderException timeout: x"));
        var rowId = (await unit.Db.Set<WebhookEvent>().SingleAsync(row => row.EventId == id)).Id;
        await unit.CommitAsync();
        return rowId;
    }

    private async Task<List<AuditLine>> LinesAsync(string subject, string id)
    {
        var filter = new AuditFilter { SubjectType = subject, SubjectId = id, ActorId = _ann.Id };
        var page = await portal.Services.GetRequiredService<AuditReader>().PageAsync(filter);
        return [.. page.Items.Select(item => item.Line)];
    }
}
