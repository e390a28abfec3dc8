namespace BillingPortal.AutoRecharge;

/// <summary>What an evaluation came to: charge, or why not. The codes are public interface.</summary>
public enum RechargeReason
{
    /// <summary>Nothing in the way: an attempt was recorded.</summary>
    Charge = 1,
    Disabled,
    NotBelowThreshold,
    NoCard,
    InFlight,
    Cooldown,
    Backoff,
    DailyLimit,
    SpendingLimit,
    AwaitingAuthentication,
    PausedAfterFailures,
    SpikeBrake,
    DisputeOpen,

    /// <summary>No package is on sale that could be bought.</summary>
    NoPackage,

    /// <summary>The rule pays by invoice, and the tenant may not buy on invoice any more.</summary>
    InvoiceNotApproved,

    /// <summary>The last recharge's invoice is not paid, and its credits come with the payment.</summary>
    InvoiceUnpaid,

    /// <summary>An invoice is overdue: nothing more is sold on invoice.</summary>
    InvoiceOverdue,

    /// <summary>The limit for unpaid invoices would be exceeded.</summary>
    InvoiceLimit,
}

/// <summary>Who asked for an evaluation.</summary>
public enum RechargeTrigger
{
    Crossing = 1,
    Sweep,
    Manual,
}
