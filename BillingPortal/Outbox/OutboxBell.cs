namespace BillingPortal.Outbox;

/// <summary>Wakes this process's own dispatcher right after a commit, a moment before the NOTIFY comes round.</summary>
public sealed class OutboxBell
{
    private event Action? Rang;

    internal void Ring() => Rang?.Invoke();

    internal void On(Action action) => Rang += action;
}
