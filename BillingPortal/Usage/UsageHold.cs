using BillingPortal.Kernel;

namespace BillingPortal.Usage;

/// <summary>What became of a request about a hold.</summary>
public enum HoldOutcome
{
    /// <summary>Done now.</summary>
    Done = 1,

    /// <summary>Done before; the answer is the first one's.</summary>
    Duplicate,
    Insufficient,
    Invalid,

    /// <summary>The reference has been paid or reserved with other content.</summary>
    ReferenceUsed,
    UnknownHold,

    /// <summary>It was captured, released or has expired before.</summary>
    Ended,
}

/// <summary>A wish to reserve the price of a call before it begins.</summary>
/// <param name="ExpiresIn">Null: the default of <see cref="UsageOptions.HoldSeconds"/>.</param>
public sealed record HoldRequest(string Service, decimal Quantity, string ReferenceId, TimeSpan? ExpiresIn);

/// <summary>A wish to reserve more for a call that is under way.</summary>
/// <param name="Quantity">In addition to what is reserved already.</param>
/// <param name="ExpiresIn">From now; never makes a hold end sooner. Null: it ends as before.</param>
public sealed record HoldExtensionRequest(decimal Quantity, TimeSpan? ExpiresIn);

/// <summary>The answer to a hold.</summary>
/// <param name="Amount">Reserved in all; for a refusal what it would have taken.</param>
/// <param name="MaxQuantity">The most that can be captured without leaving a debt: hold and available together.</param>
public sealed record HoldResult(
    HoldOutcome Outcome, Guid? HoldId, Amount Amount, Amount Balance, Amount Available, decimal MaxQuantity, UsageFault? Fault = null,
    int? MaxSeconds = null);

/// <summary>The answer to a capture or a release.</summary>
/// <param name="Amount">What was paid from the balance; for a release what was set free.</param>
/// <param name="Debt">The account's debt afterwards: what the call cost beyond the balance is in it.</param>
public sealed record HoldEnd(
    HoldOutcome Outcome, Amount Amount, Amount Balance, Amount Available, Amount Debt, string? EntryId = null, bool Differs = false,
    UsageFault? Fault = null);
