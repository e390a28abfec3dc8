using System.Globalization;

namespace BillingPortal.Tenants.Keys;

/// <summary>What stands in the form for a new key, and what is wrong with it, field by field.</summary>
public sealed class KeyDraft
{
    public string? Name { get; set; }

    /// <summary>The least by default.</summary>
    public ApiScopes Scopes { get; private set; } = ApiScopes.Read;

    public string? NameFault { get; private set; }

    public string? ScopesFault { get; private set; }

    /// <summary>As it was typed; empty for none.</summary>
    public string? Limit { get; set; }

    public string? LimitFault { get; private set; }

    /// <summary>What no field can mend.</summary>
    public string? Fault { get; private set; }

    internal KeyWish Wish => new(Name, Scopes, LimitDraft.Read(Limit));

    public void Set(ApiScopes scope, bool isOn) => Scopes = isOn ? Scopes | scope : Scopes & ~scope;

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(KeyOutcome outcome)
    {
        var words = KeyTexts.RefusalOf(outcome);
        NameFault = outcome is KeyOutcome.NameMissing or KeyOutcome.NameTooLong ? words : null;
        ScopesFault = outcome is KeyOutcome.ScopesMissing ? words : null;
        LimitFault = outcome is KeyOutcome.LimitOutOfRange ? words : null;
        Fault = outcome is KeyOutcome.TooMany ? words : null;
        return (NameFault ?? ScopesFault ?? LimitFault ?? Fault) is not null;
    }
}

/// <summary>What stands in the form for a rotation.</summary>
public sealed class RotationDraft(ApiKey key)
{
    public ApiKey Key { get; } = key;

    public KeyOverlap Overlap { get; set; } = KeyOverlap.Day;

    public string? OverlapFault { get; private set; }

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(KeyOutcome outcome)
    {
        OverlapFault = outcome is KeyOutcome.TooMany
            ? $"You have {ApiKeyService.LiveKeysMax} working keys, the most there may be. "
                + "Let the old key end at once, or revoke another first."
            : null;
        return OverlapFault is not null;
    }
}

/// <summary>What stands in the form for a key's limit.</summary>
public sealed class LimitDraft(ApiKey key)
{
    public ApiKey Key { get; } = key;

    /// <summary>As it was typed; empty for none.</summary>
    public string? Limit { get; set; } = key.RequestsPerMinute?.ToString(CultureInfo.InvariantCulture);

    public string? LimitFault { get; private set; }

    internal int? Wish => Read(Limit);

    /// <summary>Null for nothing; zero, which is refused, for what is no whole number.</summary>
    internal static int? Read(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var limit)
            ? limit
            : 0;

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(KeyOutcome outcome)
    {
        LimitFault = outcome is KeyOutcome.LimitOutOfRange ? KeyTexts.RefusalOf(outcome) : null;
        return LimitFault is not null;
    }
}
