using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// How a change of the schema waits for its locks beside running portals: three seconds at most, because everybody who comes after it
/// queues behind it; then it lets them pass and tries again. It never kills another's transaction.
/// </summary>
internal sealed partial class LockPatience(ILogger logger)
{
    /// <summary>Connection options under which a statement gives up waiting for a lock.</summary>
    public const string Options = "-c lock_timeout=3s";

    private const int TriesMax = 40; // about three minutes of other people's long transactions

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs one transaction's worth of work, which must be safe to repeat when nothing of it was committed.</summary>
    /// <exception cref="PostgresException">The lock was not had in all tries: the last refusal, as it is or within another.</exception>
    public async Task RunAsync(string what, Func<Task> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await change();
                return;
            }
            catch (Exception exception) when (attempt < TriesMax && Lock(exception) is not null)
            {
                LogWaits(logger, what, Lock(exception)!.MessageText, attempt, TriesMax);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    // EF Core wraps what it takes for transient.
    private static PostgresException? Lock(Exception? exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected } refused => refused,
        null => null,
        _ => Lock(exception.InnerException),
    };

    [LoggerMessage(LogLevel.Warning, "{What} waits for a lock ({Reason}); everybody else goes first, try {Attempt} of {Tries}")]
    private static partial void LogWaits(ILogger logger, string what, string reason, int attempt, int tries);
}
