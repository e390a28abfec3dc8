using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>Everything that <see cref="RechargePolicy"/> looks at, read under the rule's lock. Values only.</summary>
public sealed record RechargeSituation
{
    public required DateTimeOffset Now { get; init; }

    public required RechargeTrigger Trigger { get; init; }

    /// <summary>Null when nobody has ever set auto-recharge up.</summary>
    public required RechargeRule? Rule { get; init; }

    /// <summary>The unit that the tenant's usage draws on now.</summary>
    public required Unit Plan { get; init; }

    public required Amount Available { get; init; }

    public required Amount Debt { get; init; }

    /// <summary>Usable cards in the order of trying.</summary>
    public IReadOnlyList<string> Cards { get; init; } = [];

    /// <summary>What buying on invoice would come up against; null when the rule charges cards.</summary>
    public InvoiceStanding? Invoices { get; init; }

    /// <summary>Attempts of this calendar month, of today and of the last cooldown, in any order.</summary>
    public IReadOnlyList<PastAttempt> History { get; init; } = [];

    public IReadOnlyList<CreditPackage> Packages { get; init; } = [];

    public bool IsDisputeOpen { get; init; }

    /// <summary>Null: not looked at, because something cheaper already refused.</summary>
    public UsagePace? Pace { get; init; }
}

/// <summary>The tenant's terms and unpaid invoices.</summary>
/// <param name="Situation">The terms, if there are any, and what is unpaid.</param>
/// <param name="AwaitsPayment">A recharge's invoice is unpaid whose credits come with the payment.</param>
public sealed record InvoiceStanding(InvoiceSituation Situation, bool AwaitsPayment);

/// <summary>What the policy needs of an earlier attempt.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="StartedAt">When it was recorded.</param>
/// <param name="PriceCents">What it charged or may still charge.</param>
/// <param name="ReachedCard">Whether any card was asked; an attempt that never was does not count as one.</param>
public sealed record PastAttempt(
    AttemptState State, DateTimeOffset StartedAt, long PriceCents, bool ReachedCard = true);

/// <summary>Usage of the last hour against the tenant's own habit.</summary>
/// <param name="LastHour">Used in the sixty minutes up to now.</param>
/// <param name="MedianHour">The median of the hours with usage before that; null while there are too few of
/// them.</param>
public sealed record UsagePace(Amount LastHour, Amount? MedianHour);
