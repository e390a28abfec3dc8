namespace BillingPortal.Sandbox.Storage;

/// <summary>
/// One transaction over the world: what it puts is visible to itself at once, is kept when the work returns and is
/// undone when the work throws. Lives only inside <see cref="World.Run{T}"/>.
/// </summary>
internal sealed class Change(Func<Type, Table> tables)
{
    private readonly List<(IRecord Now, IRecord? Before)> _puts = [];
    private readonly List<Action> _afterCommit = [];

    public IEnumerable<IRecord> Puts => _puts.Select(put => put.Now);

    public IEnumerable<Action> AfterCommit => _afterCommit;

    public T? Find<T>(string? id)
        where T : class, IRecord => id is null ? null : (T?)tables(typeof(T)).Find(id);

    public IEnumerable<T> NewestFirst<T>()
        where T : class, IRecord => tables(typeof(T)).NewestFirst(null)!.Cast<T>();

    /// <summary>Newest first below the given id; null when there is no such id.</summary>
    public IEnumerable<T>? NewestFirstBelow<T>(string id)
        where T : class, IRecord => tables(typeof(T)).NewestFirst(id)?.Cast<T>();

    public T Put<T>(T record)
        where T : class, IRecord
    {
        _puts.Add((record, tables(record.GetType()).Put(record)));
        return record;
    }

    /// <summary>Runs when the change is kept, outside the lock.</summary>
    public void Then(Action action) => _afterCommit.Add(action);

    public void Undo()
    {
        for (var index = _puts.Count - 1; index >= 0; index--)
        {
            var (now, before) = _puts[index];
            var table = tables(now.GetType());
            if (before is null)
            {
                table.RemoveLast();
            }
            else
            {
                table.Put(before);
            }
        }
    }
}
