using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using BillingPortal.Webhooks;
using BillingPortal.Webhooks.Monitor;

namespace BillingPortal.Tests.Webhooks.Monitor;

/// <summary>What staff reads of the inbox: filters, pages, figures. Tests keep apart by the events' type or by the clock.</summary>
public sealed class WebhookMonitorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly WebhookMonitor _monitor = new(postgres.Database, postgres.Clock);

    [Fact]
    public async Task Pages_run_newest_first_without_a_gap_or_a_repeat_even_where_times_are_equal()
    {
        var at = postgres.Clock.GetUtcNow().AddDays(-9);
        foreach (var index in Enumerable.Range(0, 120))
        {
            await AddAsync("paged", at.AddSeconds(index / 10));
        }

        var filter = WebhookFilter.None with { Type = "paged" };
        var seen = new List<WebhookRow>();
        for (TimeCursor? cursor = null; ;)
        {
            var page = await _monitor.PageAsync(filter, cursor);
            seen.AddRange(page.Rows);
            if (page.Next is null)
            {
                break;
            }

            cursor = TimeCursor.Parse(page.Next.ToString());
        }

        Assert.Equal(120, seen.Select(row => row.Id).Distinct().Count());
        Assert.Equal(seen.Select(row => row.ReceivedAt).OrderDescending(), seen.Select(row => row.ReceivedAt));
    }

    [Fact]
    public async Task Each_filter_finds_its_own_and_ids_are_found_whole()
    {
        var day = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
        var stripe = await AddAsync("found.a", day, eventId: "evt_found", objectId: "pi_found");
        var twilio = await AddAsync("found.b", day.AddHours(23), "twilio", "dead", objectId: "SM_found");
        var later = await AddAsync("found.a", day.AddDays(1), objectId: "pi_found");
        var own = WebhookFilter.None with { From = day, To = day.AddDays(2) };

        Assert.Equal([later, twilio, stripe], await FindAsync(own));
        Assert.Equal([twilio, stripe], await FindAsync(own with { To = day.AddDays(1) }));
        Assert.Equal([later, stripe], await FindAsync(own with { Type = "found.a" }));
        Assert.Equal([twilio], await FindAsync(own with { Provider = "twilio" }));
        Assert.Equal([twilio], await FindAsync(own with { State = EventState.Dead }));
        Assert.Equal([later, stripe], await FindAsync(WebhookFilter.None with { Text = "pi_found" }));
        Assert.Equal([stripe], await FindAsync(WebhookFilter.None with { Text = "evt_found" }));
        Assert.Equal([twilio], await FindAsync(WebhookFilter.None with { Text = twilio.ToString() }));
        Assert.Empty(await FindAsync(WebhookFilter.None with { Text = "pi_foun" }));
        Assert.Equal(1, await _monitor.CountDeadAsync(own));
        Assert.Equal(0, await _monitor.CountDeadAsync(own with { Provider = "stripe" }));
        Assert.Superset(new HashSet<string> { "found.a", "found.b" }, (await _monitor.TypesAsync()).ToHashSet());
    }

    // Ten in the last hour of which one needed two tries and one is dead, two waiting: all on a day of their own.
    [Fact]
    public async Task Figures_tell_how_the_inbox_stands()
    {
        var now = new DateTimeOffset(2031, 5, 6, 12, 0, 0, TimeSpan.Zero);
        foreach (var index in Enumerable.Range(0, 8))
        {
            await AddAsync("figures", now.AddMinutes(-5), took: TimeSpan.FromSeconds(index + 1), attempts: index == 0 ? 2 : 1);
        }

        await AddAsync("figures", now.AddHours(-3), state: "dead", attempts: 12);
        await AddAsync("figures", now.AddMinutes(-30), state: "pending", attempts: 0);
        await AddAsync("figures", now.AddMinutes(-20), state: "pending", attempts: 3, error: "ProviderException timeout: x");

        var figures = await new WebhookMonitor(postgres.Database, new ManualClock(now)).FiguresAsync();

        Assert.Equal((10, 2), (figures.LastHour.Received, figures.LastHour.Failed));
        Assert.Equal((11, 3), (figures.Day.Received, figures.Day.Failed));
        Assert.Equal((2, 1, now.AddMinutes(-30)), (figures.Waiting, figures.Retrying, figures.OldestWaitingAt));
        Assert.True(figures.Dead >= 1);
        Assert.Equal(4.5, figures.Median!.Value.TotalSeconds, 3);
        Assert.Equal(7.65, figures.P95!.Value.TotalSeconds, 3);
    }

    private async Task<List<Guid>> FindAsync(WebhookFilter filter) => [.. (await _monitor.PageAsync(filter)).Rows.Select(row => row.Id)];

    private async Task<Guid> AddAsync(
        string type, DateTimeOffset at, string provider = "stripe", string state = "handled", string? eventId = null,
        string? objectId = null, int attempts = 1, string? error = null, TimeSpan? took = null)
    {
        var id = Ids.New();
        await using var command = postgres.Database.Ops.CreateCommand(
            """
            INSERT INTO webhook_events (id, provider, event_id, type, object_id, source, occurred_at, received_at, body, state, attempts,
                                        next_attempt_at, ended_at, last_error)
            VALUES ($1, $2, $3, $4, $5, 'webhook', $6, $6, '{}', $7, $8, $6, $9, $10)
            """);
        foreach (var value in new object[]
        {
            id, provider, eventId ?? $"evt_{id:N}", type, (object?)objectId ?? DBNull.Value, at, state, attempts,
            state == "pending" ? DBNull.Value : at + (took ?? TimeSpan.FromSeconds(1)), (object?)error ?? DBNull.Value,
        })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
        return id;
    }
}
