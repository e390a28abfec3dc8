namespace BillingPortal.Data;

/// <summary>
/// Everything that begins within it may only read: PostgreSQL itself refuses a change, whatever a service forgot to ask.
/// It ends with the request or the click that it was opened for, also for work that these left running.
/// </summary>
public sealed class ReadOnlyWork : IDisposable
{
    private static readonly AsyncLocal<ReadOnlyWork?> Current = new();
    private readonly ReadOnlyWork? _outer;
    private volatile bool _isOver;

    private ReadOnlyWork(ReadOnlyWork? outer) => _outer = outer;

    internal static bool IsOn => Current.Value is { _isOver: false };

    public static ReadOnlyWork Begin() => Current.Value = new ReadOnlyWork(Current.Value);

    /// <summary>For what writes over a connection of its own, where no transaction of the caller says no.</summary>
    /// <exception cref="InvalidOperationException">The work may only read.</exception>
    public static void Refuse()
    {
        if (IsOn)
        {
            throw new InvalidOperationException("Who only looks changes nothing.");
        }
    }

    public void Dispose()
    {
        _isOver = true;
        Current.Value = _outer;
    }
}
