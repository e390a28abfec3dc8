namespace BillingPortal.AutoRecharge;

/// <summary>
/// What one evaluation led to. <see cref="AttemptId"/> and <see cref="State"/> are set when it charged.
/// </summary>
public sealed record RechargeRun(RechargeDecision Decision, Guid? AttemptId = null, AttemptState? State = null)
{
    public RechargeReason Reason => Decision.Reason;

    public bool Succeeded => State is AttemptState.Succeeded;
}

/// <summary>Counts of one sweep; processed is the sum of the others.</summary>
public sealed record RechargeSweep(int Recharged, int Skipped, int Failed)
{
    public int Processed => Recharged + Skipped + Failed;
}
