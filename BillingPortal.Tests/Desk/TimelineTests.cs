using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Support;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>One line of everything: nothing is missed, nothing stands twice, and it goes on page by page.</summary>
public sealed class TimelineTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private static readonly TimelineKind[] Everything = Enum.GetValues<TimelineKind>();

    private TimelineReader Timeline => scene.Portal.Services.GetRequiredService<TimelineReader>();

    [Fact]
    public async Task A_refunded_payment_leaves_its_whole_story()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 10);
        await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Half(purchase));
        await WebhookAsync(purchase.PaymentIntentId!);

        var items = (await Timeline.PageAsync(buyer.Id, Everything, null, 100)).Items;

        var kinds = items.Select(item => item.Kind).ToHashSet();
        Assert.Superset(
            new HashSet<TimelineKind>
            {
                TimelineKind.Payment, TimelineKind.Entry, TimelineKind.Usage, TimelineKind.Webhook, TimelineKind.Change,
            },
            kinds);
        Assert.Contains(items, item => item is { Kind: TimelineKind.Payment, Label: "Part refunded" });
        Assert.Contains(items, item => item.Kind is TimelineKind.Entry && item.Change == -Amount.Credits(500));
        Assert.Contains(items, item => item.Kind is TimelineKind.Change && item.Title.Contains("$11.00", StringComparison.Ordinal));
        Assert.Equal(items.OrderByDescending(item => item.At).Select(item => item.At), items.Select(item => item.At));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Pages_of_any_size_show_each_thing_once(int size)
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        for (var i = 0; i < 8; i++)
        {
            await scene.SpendAsync(buyer.Id, 1);
            await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 10 + i));
        }

        var all = (await Timeline.PageAsync(buyer.Id, Everything, null, 100)).Items;
        var paged = new List<TimelineItem>();
        TimelineCursor? next = null;
        do
        {
            var page = await Timeline.PageAsync(buyer.Id, Everything, next, size);
            paged.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);

        Assert.True(all.Count > 30);
        Assert.Equal(
            all.Select(item => (item.Kind, item.Id)).Order(), paged.Select(item => (item.Kind, item.Id)).Order());
        Assert.Equal(paged.OrderByDescending(item => item.At).Select(item => item.At), paged.Select(item => item.At));
    }

    [Fact]
    public async Task A_filter_shows_its_kinds_alone()
    {
        var (buyer, _) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 1);

        foreach (var kind in Everything)
        {
            var page = await Timeline.PageAsync(buyer.Id, [kind], null, 50);
            Assert.All(page.Items, item => Assert.Equal(kind, item.Kind));
        }

        Assert.Empty((await Timeline.PageAsync(buyer.Id, [], null, 50)).Items);
    }

    [Fact]
    public async Task Another_tenants_story_stays_there()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var other = await scene.Portal.TenantAsync();

        Assert.NotEmpty((await Timeline.PageAsync(buyer.Id, Everything, null, 50)).Items);
        Assert.Empty((await Timeline.PageAsync(other.Id, Everything, null, 50)).Items);
    }

    [Fact]
    public async Task Who_opens_a_tenant_is_written_down()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var desk = scene.Portal.Services.GetRequiredService<TenantDesk>();
        var agent = await scene.AgentAsync();

        await desk.NoteOpenedAsync(buyer.Id, new Actor(ActorKind.Staff, agent, "Sam Porter (support agent)"));
        var file = await desk.ReadAsync(buyer.Id);

        Assert.Equal((buyer.Id, 1000m), (file!.Tenant.Id, file.Credits.Available.ToDecimal()));
        Assert.Null(await desk.ReadAsync(Ids.New()));
        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        Assert.Equal(1, await unit.Db.Set<AuditLine>().CountAsync(
            line => line.TenantId == buyer.Id && line.Action == "tenant.opened" && line.ActorId == agent));
    }

    private Task WebhookAsync(string objectId)
    {
        var now = TimeProvider.System.GetUtcNow();
        return scene.ExecuteAsync(
            """
            INSERT INTO webhook_events (id, provider, event_id, type, object_id, source, occurred_at, received_at, body, state,
                                        attempts, next_attempt_at, ended_at)
            VALUES ($1, 'stripe', $2, 'payment_intent.succeeded', $3, $4, $5, $5, '{}', 'handled', 1, $5, $5)
            """,
            Ids.New(), $"evt_{Ids.New():N}", objectId, TextCodes.Of(EventSource.Webhook), now);
    }
}
