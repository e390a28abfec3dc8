namespace BillingPortal.AutoRecharge;

/// <summary>
/// What a person or client wants changed in the rule; what is null stays as it is. At most one of <see cref="Amount"/>,
/// <see cref="PackageId"/> and <see cref="Target"/>. Amounts are in the unit of the tenant's plan.
/// </summary>
public sealed record RechargeChange
{
    public bool? Enabled { get; init; }

    public decimal? Threshold { get; init; }

    /// <summary>Buy this much, matched to packages on the credits plan.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Buy this package: its id or code.</summary>
    public string? PackageId { get; init; }

    /// <summary>Buy up to this balance.</summary>
    public decimal? Target { get; init; }

    /// <summary>Saved cards in the order of trying; empty: the default card, then the others.</summary>
    public IReadOnlyList<string>? PaymentMethodIds { get; init; }

    /// <summary>True: an invoice instead of a card. False: cards.</summary>
    public bool? PaysByInvoice { get; init; }

    /// <summary>US dollars per calendar month (UTC); 0 takes the limit away.</summary>
    public decimal? MonthlyLimit { get; init; }

    public int? AttemptsPerDay { get; init; }

    /// <summary>Who chooses threshold and amount.</summary>
    public SmartMode? Smart { get; init; }

    /// <summary>Hours ahead of a likely recharge, 1 to 72; 0 for no notice.</summary>
    public int? NoticeHours { get; init; }

    /// <summary>Days on which phone numbers stay in service after a failed payment, 0 to 14.</summary>
    public int? GraceDays { get; init; }
}

/// <summary>Which door a change came through: it decides the threshold of a new rule that names none.</summary>
public enum RechargeDoor
{
    Portal = 1,
    CreditsApi,
    StripeApi,
}

/// <summary>The saved rule, or what is wrong with the change in words that say what to do.</summary>
public sealed record RechargeSaved(RechargeRule? Rule, string? Problem)
{
    public static RechargeSaved Invalid(string problem) => new(null, problem);
}

/// <summary>What saving would lead to: the policy's answer under the changed rule, or why it cannot be saved.</summary>
public sealed record RechargePreview(RechargeDecision? Decision, string? Problem);
