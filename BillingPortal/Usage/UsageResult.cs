using BillingPortal.Kernel;

namespace BillingPortal.Usage;

/// <summary>What became of one event.</summary>
public enum UsageOutcome
{
    Posted = 1,

    /// <summary>Reported before; the answer is the first one's.</summary>
    Duplicate,

    /// <summary>Available does not cover it; nothing was recorded and a later try is judged anew.</summary>
    Insufficient,

    /// <summary>It cannot be taken as it is; see the fault.</summary>
    Invalid,
}

/// <summary>One event of one tenant.</summary>
public sealed record TenantUsage(Guid TenantId, Unit Plan, UsageEvent Event);

/// <summary>The answer to one event. Amounts are positive costs.</summary>
/// <param name="Amount">What it cost; for a refusal what it would have cost.</param>
/// <param name="Balance">The tenant's balance after it; for a refusal the balance that did not suffice.</param>
/// <param name="Differs">A duplicate that says something else than the first report.</param>
public sealed record UsageResult(
    UsageOutcome Outcome, Amount Amount, Amount Balance, Amount Available, string? EntryId = null, bool Differs = false,
    UsageFault? Fault = null)
{
    internal static UsageResult Invalid(UsageFault fault, Unit plan) =>
        new(UsageOutcome.Invalid, Amount.Zero(plan), Amount.Zero(plan), Amount.Zero(plan), Fault: fault);
}
