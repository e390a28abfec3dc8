namespace BillingPortal.Tests.Support;

/// <summary>Waits without a clock for the moment in which a race has been decided.</summary>
internal static class Locks
{
    /// <summary>Until the work is done, or somebody in this database waits for a lock.</summary>
    public static async Task UntilDoneOrWaitingAsync(this PostgresFixture postgres, Task work)
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while (!work.IsCompleted && await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 0L)
        {
            await Task.Yield();
        }
    }
}
