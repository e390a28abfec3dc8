namespace BillingPortal.Alerts;

/// <summary>What to change about a tenant's mail; null leaves as it is.</summary>
public sealed record MailChange
{
    public bool? EmailEnabled { get; init; }

    /// <summary>Codes of the kinds that are not mailed, all of them.</summary>
    public IReadOnlyCollection<string>? OffKinds { get; init; }

    /// <summary>Written to instead of the roles; empty: the roles again.</summary>
    public string? OverrideAddress { get; init; }

    public bool? ToOwners { get; init; }

    public bool? ToBillingAdmins { get; init; }

    public bool? ToViewers { get; init; }

    /// <summary>What is wrong with it, in a sentence that says what to do; null when nothing is.</summary>
    public string? Problem =>
        OverrideAddress is { Length: > 0 } address && address.Trim().Length > 0 && MailAddresses.Parse(address) is null
            ? "That is not an email address. Write one address, such as billing@example.com."
            : OffKinds?.FirstOrDefault(kind => !MailKinds.All.Any(known => known.Code == kind)) is { } unknown
                ? $"There is no kind of notification '{unknown}'."
                : null;
}

/// <summary>The preferences after a change, or why nothing was changed.</summary>
public sealed record MailSaved(MailPreferences? Preferences, string? Problem);

/// <summary>What became of asking for a test mail.</summary>
public enum TestOutcome
{
    /// <summary>On its way; the log tells the rest.</summary>
    Queued,

    /// <summary>Every address is flagged, or there is none.</summary>
    ReachesNobody,

    TooMany,
}
