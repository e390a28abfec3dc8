using System.Globalization;

namespace BillingPortal.Sandbox.Faults;

/// <summary>The faults that are switched on. In memory: a restart heals everything.</summary>
internal sealed class FaultSwitches
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private int _lastId;

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    public Fault Add(Fault fault)
    {
        lock (_gate)
        {
            var added = fault with { Id = (++_lastId).ToString(CultureInfo.InvariantCulture) };
            _faults.Add(added);
            return added;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
        {
            return _faults.RemoveAll(fault => fault.Id == id) > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>What happens to this call: at most one slowness and one failure, the oldest switches first.</summary>
    public CallFaults Take(string provider, string method, string path)
    {
        lock (_gate)
        {
            var slow = Use(fault => fault.Kind == FaultKind.Slow && fault.Fits(provider, method, path));
            var failure = Use(fault => fault.Kind != FaultKind.Slow && fault.Fits(provider, method, path));
            return new CallFaults(TimeSpan.FromMilliseconds(slow?.Milliseconds ?? 0), failure);
        }
    }

    private Fault? Use(Predicate<Fault> fits)
    {
        var place = _faults.FindIndex(fits);
        if (place < 0)
        {
            return null;
        }

        var fault = _faults[place];
        if (fault.Count <= 1)
        {
            _faults.RemoveAt(place);
        }
        else if (fault.Count is { } left)
        {
            _faults[place] = fault with { Count = left - 1 };
        }

        return fault;
    }
}

/// <summary>The faults of one call.</summary>
internal sealed record CallFaults(TimeSpan Slowness, Fault? Failure)
{
    public bool Is(FaultKind kind) => Failure?.Kind == kind;

    /// <summary>Cuts the connection, as a caller sees a time-out or a broken network.</summary>
    public async Task CutAsync(HttpContext context)
    {
        await Task.Delay(Failure!.Milliseconds, context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
