namespace BillingPortal.AutoRecharge;

/// <summary>Who chooses threshold and amount. Opt-in: a rule starts with <see cref="Off"/>.</summary>
public enum SmartMode
{
    /// <summary>A person; nothing is proposed.</summary>
    Off = 1,

    /// <summary>A person, who is shown what the last days would suggest, and why.</summary>
    Propose,

    /// <summary>The last days: reckoned anew every night, each change kept with its reason.</summary>
    Automatic,
}
