namespace BillingPortal.Sandbox.Storage;

/// <summary>All records of one kind in the order in which they were made. Used only under the world's lock.</summary>
internal sealed class Table
{
    private readonly List<IRecord> _rows = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public IReadOnlyList<IRecord> Rows => _rows;

    public IRecord? Find(string id) => _places.TryGetValue(id, out var place) ? _rows[place] : null;

    /// <summary>Puts the record and returns the one it replaces.</summary>
    public IRecord? Put(IRecord record)
    {
        if (_places.TryGetValue(record.Id, out var place))
        {
            var before = _rows[place];
            _rows[place] = record;
            return before;
        }

        _places[record.Id] = _rows.Count;
        _rows.Add(record);
        return null;
    }

    /// <summary>Takes the youngest record out again; undoing goes backwards, so that is always the right one.</summary>
    public void RemoveLast()
    {
        _places.Remove(_rows[^1].Id);
        _rows.RemoveAt(_rows.Count - 1);
    }

    /// <summary>Newest first, beginning below <paramref name="belowId"/>; null when that id is unknown.</summary>
    public IEnumerable<IRecord>? NewestFirst(string? belowId)
    {
        var top = _rows.Count;
        if (belowId is not null && !_places.TryGetValue(belowId, out top))
        {
            return null;
        }

        return Enumerable.Range(1, top).Select(back => _rows[top - back]);
    }

    public void Clear()
    {
        _rows.Clear();
        _places.Clear();
    }
}
