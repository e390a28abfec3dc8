using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>Everything that the page and the API show of a tenant's auto-recharge, of one moment.</summary>
public sealed record RechargeView
{
    /// <summary>Null while nobody has set it up.</summary>
    public required RechargeRule? Rule { get; init; }

    public required Unit Plan { get; init; }

    public required Amount Available { get; init; }

    /// <summary>What a person of the tenant bought last, what a new rule proposes to buy again; null before the first purchase.</summary>
    public Amount? LastBought { get; init; }

    /// <summary>What an evaluation would say right now, without being stored.</summary>
    public required RechargeDecision Now { get; init; }

    /// <summary>All saved cards.</summary>
    public required IReadOnlyList<SavedCard> Cards { get; init; }

    /// <summary>The tenant may buy on invoice.</summary>
    public bool CanPayByInvoice { get; init; }

    /// <summary>The cards that would be charged, in order.</summary>
    public required IReadOnlyList<SavedCard> Usable { get; init; }

    /// <summary>What could be bought on the credits plan.</summary>
    public required IReadOnlyList<CreditPackage> Packages { get; init; }

    /// <summary>US cents charged or pending this month.</summary>
    public required long SpentCents { get; init; }

    public required SpendingMonth Month { get; init; }

    /// <summary>Until when the cooldown of the last attempt runs; null when it is over.</summary>
    public required DateTimeOffset? CooldownUntil { get; init; }

    /// <summary>When the balance should next fall below the threshold; null without enough history.</summary>
    public required DateTimeOffset? NextRechargeAt { get; init; }

    /// <summary>What the last days suggest for threshold and amount, whatever the mode.</summary>
    public required SmartAnswer Smart { get; init; }

    /// <summary>What smart mode changed, newest first.</summary>
    public required IReadOnlyList<RechargeAdjustment> Adjustments { get; init; }

    public required IReadOnlyList<RechargeAttempt> Attempts { get; init; }

    public required IReadOnlyList<RechargeEvaluation> Evaluations { get; init; }

    /// <summary>The attempt that waits for the cardholder, if one does.</summary>
    public RechargeAttempt? Waiting => Attempts.FirstOrDefault(attempt => attempt.State is AttemptState.RequiresAction);
}
