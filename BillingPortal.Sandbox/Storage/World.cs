namespace BillingPortal.Sandbox.Storage;

/// <summary>
/// Everything the sandbox remembers. One change at a time, all or nothing, and written to the journal before the
/// caller gets an answer: an acknowledged payment survives a kill at any moment.
/// </summary>
internal sealed class World : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, Table> _tables = [];
    private readonly Journal? _journal;

    public World(SandboxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.StatePath))
        {
            return;
        }

        _journal = new Journal(options.StatePath);
        foreach (var record in _journal.Load())
        {
            TableOf(record.GetType()).Put(record);
        }

        _journal.Begin(_tables.Values.SelectMany(table => table.Rows));
    }

    public T Run<T>(Func<Change, T> work)
    {
        Change change;
        T result;
        lock (_gate)
        {
            change = new Change(TableOf);
            try
            {
                result = work(change);
                _journal?.Append(change.Puts);
            }
            catch
            {
                change.Undo();
                throw;
            }
        }

        foreach (var action in change.AfterCommit)
        {
            action();
        }

        return result;
    }

    /// <summary>Forgets everything, in memory and on disk.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (var table in _tables.Values)
            {
                table.Clear();
            }

            _journal?.Begin([]);
        }
    }

    public void Dispose() => _journal?.Dispose();

    private Table TableOf(Type type)
    {
        if (!_tables.TryGetValue(type, out var table))
        {
            _tables[type] = table = new Table();
        }

        return table;
    }
}
