using BillingPortal.Tests.Support;
using BillingPortal.Webhooks;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Several processes on one inbox: each event is with one of them at a time, and with none for ever.</summary>
public sealed class InboxClaimTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly WebhookInbox _inbox = new(postgres.Database, postgres.Clock);

    [Fact]
    public async Task Claims_that_race_never_have_the_same_event()
    {
        await StoreAsync("race", 60);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync("race", TimeSpan.FromHours(1))));

        Assert.Equal(60, claims.Sum(claimed => claimed.Count));
        Assert.Equal(60, claims.SelectMany(claimed => claimed).Select(claimed => claimed.EventId).Distinct().Count());
    }

    // Another drain claims it and has not committed yet: it is passed over, and not taken from that one afterwards.
    [Fact]
    public async Task An_event_that_another_is_claiming_is_passed_over()
    {
        await StoreAsync("claiming", 1);
        await using var other = await postgres.Database.BeginOpsAsync();
        await using var claim = other.Command(
            "UPDATE webhook_events SET lease_id = id, leased_until = now() + interval '1 hour' WHERE provider = 'claiming'");
        Assert.Equal(1, await claim.ExecuteNonQueryAsync());

        var claiming = ClaimAsync("claiming", TimeSpan.FromHours(1));
        await postgres.UntilDoneOrWaitingAsync(claiming);
        await other.CommitAsync();

        Assert.Empty(await claiming);
    }

    // A process dies after the work and before the mark: its lease of zero length is over at once.
    [Fact]
    public async Task An_event_of_a_dead_process_goes_to_the_next_and_the_dead_ones_mark_is_void()
    {
        await StoreAsync("crash", 1);
        var lost = Assert.Single(await ClaimAsync("crash", TimeSpan.Zero));

        var taken = Assert.Single(await ClaimAsync("crash", TimeSpan.FromHours(1)));
        await _inbox.EndAsync(lost, EventState.Handled, error: null, CancellationToken.None);

        Assert.Equal((lost.Id, 2), (taken.Id, taken.Attempts));
        Assert.True(await IsPendingAsync(taken));
        await _inbox.EndAsync(taken, EventState.Handled, error: null, CancellationToken.None);
        Assert.False(await IsPendingAsync(taken));
    }

    // Renewing keeps it with who works on it, and gives nothing back to who has lost it.
    [Fact]
    public async Task A_lease_is_renewed_by_its_owner_alone()
    {
        await StoreAsync("long", 1);
        var lost = Assert.Single(await ClaimAsync("long", TimeSpan.Zero));
        var taken = Assert.Single(await ClaimAsync("long", TimeSpan.Zero));

        await _inbox.RenewAsync(lost.LeaseId, TimeSpan.FromHours(1));
        var again = Assert.Single(await ClaimAsync("long", TimeSpan.Zero));
        await _inbox.RenewAsync(again.LeaseId, TimeSpan.FromHours(1));

        Assert.NotEqual(taken.LeaseId, again.LeaseId);
        Assert.Empty(await ClaimAsync("long", TimeSpan.Zero));
    }

    [Fact]
    public async Task Storing_says_whether_the_event_is_new()
    {
        var arrived = new ArrivedEvent("evt_new", "t", null, postgres.Clock.GetUtcNow(), "{}");

        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => _inbox.StoreAsync("other", arrived, EventSource.Webhook)));

        Assert.Single(stored, isNew => isNew);
    }

    private async Task StoreAsync(string provider, int count)
    {
        foreach (var number in Enumerable.Range(0, count))
        {
            await _inbox.StoreAsync(
                provider, new($"evt_{number}", "t", null, postgres.Clock.GetUtcNow(), "{}"), EventSource.Webhook);
        }
    }

    // Claims until nothing is left, as a drain does; other tests' events are given back.
    private async Task<List<ClaimedEvent>> ClaimAsync(string provider, TimeSpan lease)
    {
        var claimed = await _inbox.ClaimAsync(100, lease, CancellationToken.None);
        foreach (var foreign in claimed.Where(one => one.Provider != provider))
        {
            await _inbox.ReleaseAsync(foreign, CancellationToken.None);
        }

        return [.. claimed.Where(one => one.Provider == provider)];
    }

    private async Task<bool> IsPendingAsync(ClaimedEvent claimed)
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            "SELECT state = 'pending' FROM webhook_events WHERE id = $1");
        command.Parameters.Add(new() { Value = claimed.Id });
        return await command.ExecuteScalarAsync() is true;
    }
}
