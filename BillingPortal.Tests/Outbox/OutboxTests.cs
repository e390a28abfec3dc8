using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Outbox;

/// <summary>Written with the commit, delivered at least once, by one process at a time.</summary>
public sealed class OutboxTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_committed_message_arrives_with_its_payload_and_tenant()
    {
        var handler = new RecordingHandler("arrives");
        await using var outbox = new OutboxHarness(postgres, "arrives", handler);
        var tenantId = Ids.New();
        await using (var unit = await postgres.Database.BeginAsync(tenantId))
        {
            outbox.Writer.Enqueue(unit, "arrives", tenantId: null, new Greeting("hello", 3));
            await unit.CommitAsync();
        }

        await outbox.Dispatcher.DrainAsync();

        var message = Assert.Single(handler.Messages);
        Assert.Equal(new Greeting("hello", 3), message.Read<Greeting>());
        Assert.Equal(tenantId, message.TenantId);
        Assert.Equal(["delivered:1"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task A_rolled_back_message_never_existed()
    {
        await using var outbox = new OutboxHarness(postgres, "rolled-back", new RecordingHandler("rolled-back"));
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            outbox.Writer.Enqueue(unit, "rolled-back", tenantId: null, new Greeting("hello", 3));
        }

        Assert.Empty(await outbox.StatesAsync());
    }

    [Fact]
    public async Task A_tenant_cannot_write_for_another_nor_read_what_waits()
    {
        await using var outbox = new OutboxHarness(postgres, "foreign", new RecordingHandler("foreign"));
        await using var unit = await postgres.Database.BeginAsync(Ids.New());
        outbox.Writer.Enqueue(unit, "foreign", Ids.New(), new Greeting("hello", 3));
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => unit.CommitAsync())).SqlState);

        await using var reading = await postgres.Database.BeginAsync(Ids.New());
        await using var command = reading.Command("SELECT count(*) FROM outbox_messages");
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteScalarAsync());
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task A_key_is_written_once_per_kind_and_tenant()
    {
        await using var outbox = new OutboxHarness(postgres, "keyed", new RecordingHandler("keyed"));

        await outbox.EnqueueAsync(new Greeting("one", 1), key: "same");
        await outbox.EnqueueAsync(new Greeting("two", 2), key: "same");
        await outbox.EnqueueAsync(new Greeting("three", 3), key: "other");

        Assert.Equal(["pending:0", "pending:0"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task Nothing_is_delivered_before_its_time()
    {
        var handler = new RecordingHandler("timed");
        await using var outbox = new OutboxHarness(postgres, "timed", handler);
        await outbox.EnqueueAsync(new Greeting("later", 1), notBefore: postgres.Clock.GetUtcNow() + Hour);

        Assert.Equal(0, await outbox.Dispatcher.DrainAsync());
        postgres.Clock.Advance(Hour);
        Assert.Equal(1, await outbox.Dispatcher.DrainAsync());
    }

    // A process dies after the email went out and before the row was marked: its lease of zero length runs out at once.
    [Fact]
    public async Task A_crash_between_delivery_and_mark_delivers_again_with_the_same_id()
    {
        var handler = new RecordingHandler("crash");
        await using var outbox = new OutboxHarness(postgres, "crash", handler);
        await outbox.EnqueueAsync(new Greeting("hello", 1));
        var store = new OutboxStore(postgres.Database, postgres.Clock);
        var lost = Assert.Single(await store.ClaimAsync(["crash"], 10, TimeSpan.Zero, CancellationToken.None));
        await handler.HandleAsync(lost, CancellationToken.None);

        await outbox.Dispatcher.DrainAsync();

        Assert.Equal(2, handler.Messages.Count);
        Assert.Single(handler.Messages.Select(message => message.Id).Distinct());
        Assert.False(await store.DeliveredAsync(lost,
            CancellationToken.None)); // the dead process's lease is worth nothing
        Assert.Equal(["delivered:2"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task A_leased_message_is_left_alone()
    {
        await using var outbox = new OutboxHarness(postgres, "leased", new RecordingHandler("leased"));
        await outbox.EnqueueAsync(new Greeting("hello", 1));
        var store = new OutboxStore(postgres.Database, postgres.Clock);
        await store.ClaimAsync(["leased"], 10, Hour, CancellationToken.None);

        Assert.Equal(0, await outbox.Dispatcher.DrainAsync());
    }

    // The lease is six seconds and is renewed every two: whoever works for long keeps the message, whoever was killed does not.
    [Fact]
    public async Task A_lease_is_renewed_while_its_handler_works()
    {
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new RecordingHandler("long") { Work = work.Task };
        await using var one = new OutboxHarness(postgres, "long", handler);
        await using var two = new OutboxHarness(postgres, "long", new RecordingHandler("long"));
        await one.EnqueueAsync(new Greeting("hello", 1));
        var drain = one.Dispatcher.DrainAsync();
        await handler.First;
        var first = await one.LeasedUntilAsync();
        while (await one.LeasedUntilAsync() == first)
        {
            await Task.Delay(50);
        }

        Assert.Equal(0, await two.Dispatcher.DrainAsync());
        work.SetResult();
        await drain;
        Assert.Equal(["delivered:1"], await one.StatesAsync());
    }

    // Two processes race for 100 messages: each message goes to exactly one of them.
    [Fact]
    public async Task Two_dispatchers_share_the_work_without_overlap()
    {
        var (left, right) = (new RecordingHandler("race"), new RecordingHandler("race"));
        await using var one = new OutboxHarness(postgres, "race", left);
        await using var two = new OutboxHarness(postgres, "race", right);
        foreach (var number in Enumerable.Range(0, 100))
        {
            await one.EnqueueAsync(new Greeting("hello", number));
        }

        await Task.WhenAll(one.Dispatcher.DrainAsync(), two.Dispatcher.DrainAsync());

        var all = left.Messages.Concat(right.Messages).Select(message => message.Read<Greeting>().Number).ToList();
        Assert.Equal(Enumerable.Range(0, 100), all.Order());
        Assert.NotEmpty(left.Messages);
        Assert.NotEmpty(right.Messages);
    }

    // Another dispatcher claims it and has not committed yet: it is passed over, and not taken from that one afterwards.
    [Fact]
    public async Task A_message_that_another_is_claiming_is_passed_over()
    {
        var handler = new RecordingHandler("claiming");
        await using var outbox = new OutboxHarness(postgres, "claiming", handler);
        await outbox.EnqueueAsync(new Greeting("hello", 1));
        await using var other = await postgres.Database.BeginOpsAsync();
        await using var claim = other.Command(
            "UPDATE outbox_messages SET lease_id = id, leased_until = now() + interval '1 hour' WHERE kind = 'claiming'");
        Assert.Equal(1, await claim.ExecuteNonQueryAsync());

        var drain = outbox.Dispatcher.DrainAsync();
        await postgres.UntilDoneOrWaitingAsync(drain);
        await other.CommitAsync();

        Assert.Equal(0, await drain);
        Assert.Empty(handler.Messages);
    }

    [Fact]
    public async Task A_failure_waits_longer_each_time_and_is_dead_after_twelve_tries()
    {
        var handler = new RecordingHandler("failing") { Fault = _ => new StatedFault(isRetryable: true) };
        await using var outbox = new OutboxHarness(postgres, "failing", handler);
        await outbox.EnqueueAsync(new Greeting("hello", 1));

        await outbox.Dispatcher.DrainAsync();
        postgres.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, await outbox.Dispatcher.DrainAsync());
        postgres.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await outbox.Dispatcher.DrainAsync());
        for (var attempt = 3; attempt <= 12; attempt++)
        {
            postgres.Clock.Advance(TimeSpan.FromHours(6));
            await outbox.Dispatcher.DrainAsync();
        }

        Assert.Equal(["dead:12"], await outbox.StatesAsync());
        postgres.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await outbox.Dispatcher.DrainAsync());
        Assert.Equal(12, handler.Messages.Count);
    }

    [Fact]
    public async Task A_fault_that_will_not_pass_is_dead_at_once_and_can_be_replayed()
    {
        var handler = new RecordingHandler("hopeless") { Fault = _ => new StatedFault(isRetryable: false) };
        await using var outbox = new OutboxHarness(postgres, "hopeless", handler);
        await outbox.EnqueueAsync(new Greeting("hello", 1));
        await outbox.Dispatcher.DrainAsync();
        Assert.Equal(["dead:1"], await outbox.StatesAsync());

        handler.Fault = _ => null;
        Assert.True(await outbox.Dispatcher.ReplayAsync(handler.Messages.First().Id));
        Assert.False(await outbox.Dispatcher.ReplayAsync(handler.Messages.First().Id));
        await outbox.Dispatcher.DrainAsync();

        Assert.Equal(["delivered:1"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task A_message_that_ends_the_process_every_time_is_dead_in_the_end()
    {
        var handler = new RecordingHandler("poison");
        await using var outbox = new OutboxHarness(postgres, "poison", handler);
        await outbox.EnqueueAsync(new Greeting("hello", 1));
        var store = new OutboxStore(postgres.Database, postgres.Clock);
        for (var crash = 0; crash < OutboxDispatcher.AttemptsMax; crash++)
        {
            Assert.Single(await store.ClaimAsync(["poison"], 10, TimeSpan.Zero, CancellationToken.None));
        }

        await outbox.Dispatcher.DrainAsync();

        Assert.Empty(handler.Messages);
        Assert.Equal(["dead:13"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task Every_handler_of_a_kind_runs_even_when_another_fails()
    {
        var broken = new RecordingHandler("both") { Fault = _ => new StatedFault(isRetryable: true) };
        var sound = new RecordingHandler("both");
        await using var outbox = new OutboxHarness(postgres, "both", broken, sound);
        await outbox.EnqueueAsync(new Greeting("hello", 1));

        await outbox.Dispatcher.DrainAsync();

        Assert.Single(sound.Messages);
        Assert.Equal(["pending:1"], await outbox.StatesAsync());
    }

    [Fact]
    public async Task A_kind_that_this_build_does_not_know_waits_for_one_that_does()
    {
        await using var old = new OutboxHarness(postgres, "of-tomorrow", new RecordingHandler("something-else"));
        await old.EnqueueAsync(new Greeting("hello", 1));
        Assert.Equal(0, await old.Dispatcher.DrainAsync());

        var handler = new RecordingHandler("of-tomorrow");
        await using var young = new OutboxHarness(postgres, "of-tomorrow", handler);
        await young.Dispatcher.DrainAsync();

        Assert.Single(handler.Messages);
    }

    [Fact]
    public async Task A_running_dispatcher_is_woken_by_another_process()
    {
        var handler = new RecordingHandler("woken");
        await using var worker = new OutboxHarness(postgres, "woken", handler);
        await using var writer = new OutboxHarness(postgres, "woken");
        await worker.Dispatcher.StartAsync(CancellationToken.None);

        await writer.EnqueueAsync(new Greeting("hello", 1));

        await handler.First;
        await worker.Dispatcher.StopAsync(CancellationToken.None);
    }

    private sealed record Greeting(string Text, int Number);
}
