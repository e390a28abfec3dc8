namespace BillingPortal.PhoneNumbers;

/// <summary>What a pass goes through: numbers in service whose period is over, or suspended ones whose week is.</summary>
internal enum RentQueue
{
    Due = 1,
    Retry,
}

/// <summary>
/// Where one run stands in its queue. It moves forward only, by date, tenant and number; a number whose next missed month
/// comes later in the queue is met again there, so the oldest month of a tenant is always asked for first.
/// </summary>
internal sealed class RentRun(RentQueue queue, DateTimeOffset now, int periodsMax)
{
    private readonly HashSet<Guid> _failed = [];
    private readonly Dictionary<Guid, int> _periods = [];

    public RentQueue Queue => queue;

    public DateTimeOffset Now => now;

    public (DateTimeOffset At, Guid TenantId, Guid Id) After { get; private set; }

    public void FromTheStart() => After = (DateTimeOffset.MinValue, Guid.Empty, Guid.Empty);

    /// <summary>Moves past this page and answers which of its numbers are to be asked.</summary>
    public Guid[] Take(IReadOnlyList<(DateTimeOffset At, Guid TenantId, Guid Id)> page)
    {
        After = page[^1];
        return [.. page.Select(row => row.Id).Where(
            id => !_failed.Contains(id) && _periods.GetValueOrDefault(id) < periodsMax)];
    }

    public void Fail(Guid numberId) => _failed.Add(numberId);

    /// <summary>Counts months made up for, of the numbers that have more of them.</summary>
    public void Note(IEnumerable<RentAnswer> answers)
    {
        foreach (var (ask, outcome, _) in answers)
        {
            if (outcome is RentOutcome.Paid && ask.Period.End <= now)
            {
                _periods[ask.Number.Id] = _periods.GetValueOrDefault(ask.Number.Id) + 1;
            }
            else if (outcome is RentOutcome.Failed or RentOutcome.InGrace)
            {
                Fail(ask.Number.Id); // not again in this run
            }
        }
    }
}
