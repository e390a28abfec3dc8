using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Tenants.Keys;

/// <summary>Words about keys, for the page and the audit log. Pure.</summary>
public static class KeyTexts
{
    /// <summary>Every scope with its name and what it lets a program do.</summary>
    public static IReadOnlyList<(ApiScopes Scope, string Name, string Explanation)> Scopes { get; } =
    [
        (ApiScopes.Read, "Read", "See balances, transactions, statements, invoices and settings. Changes nothing."),
        (ApiScopes.Usage, "Usage", "Record usage, hold credits for calls and send SMS. Spends your balance."),
        (ApiScopes.Billing, "Billing", "Buy credits, charge your saved cards and change auto-recharge. Spends your money."),
    ];

    /// <summary>Every choice of overlap.</summary>
    public static IReadOnlyList<(KeyOverlap Overlap, string Name)> Overlaps { get; } =
    [
        (KeyOverlap.None, "Not at all: it ends at once"),
        (KeyOverlap.Hour, "1 hour"),
        (KeyOverlap.Day, "24 hours"),
        (KeyOverlap.Week, "7 days"),
    ];

    public static TimeSpan LengthOf(KeyOverlap overlap) => overlap switch
    {
        KeyOverlap.None => TimeSpan.Zero,
        KeyOverlap.Hour => TimeSpan.FromHours(1),
        KeyOverlap.Day => TimeSpan.FromHours(24),
        KeyOverlap.Week => TimeSpan.FromDays(7),
    };

    /// <summary>«the old key works on for 1 hour».</summary>
    public static string OldWorks(KeyOverlap overlap) => overlap switch
    {
        KeyOverlap.None => "the old key ended at once",
        KeyOverlap.Hour => "the old key works on for 1 hour",
        KeyOverlap.Day => "the old key works on for 24 hours",
        KeyOverlap.Week => "the old key works on for 7 days",
    };

    /// <summary>«Read, Usage».</summary>
    public static string ListOf(ApiScopes scopes) =>
        string.Join(", ", Scopes.Where(one => scopes.HasFlag(one.Scope)).Select(one => one.Name));

    /// <summary>«at most 600 requests a minute».</summary>
    public static string LimitOf(int? requestsPerMinute) => requestsPerMinute is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"at most {limit:N0} {(limit == 1 ? "request" : "requests")} a minute")
        : "no limit of its own";

    public static string WordOf(KeyState state) => state switch
    {
        KeyState.Working => "Works",
        KeyState.RunningOut => "Runs out",
        KeyState.Replaced => "Replaced",
        KeyState.Revoked => "Revoked",
    };

    public static StatusTone ToneOf(KeyState state) => state switch
    {
        KeyState.Working => StatusTone.Good,
        KeyState.RunningOut => StatusTone.Warning,
        KeyState.Replaced or KeyState.Revoked => StatusTone.Neutral,
    };

    /// <summary>What a refusal says to the person; where it says it is the form's affair.</summary>
    public static string RefusalOf(KeyOutcome outcome) => outcome switch
    {
        KeyOutcome.NameMissing => "Give the key a name, for example of the program that will use it.",
        KeyOutcome.NameTooLong => $"The name has more than {ApiKeyMap.NameMax} characters. Shorten it.",
        KeyOutcome.ScopesMissing => "Choose at least one thing that the key may do.",
        KeyOutcome.TooMany =>
            $"You have {ApiKeyService.LiveKeysMax} working keys, the most there may be. Revoke one that is not needed any more.",
        KeyOutcome.NotThere => "This key has ended or was replaced in the meantime. Nothing was changed.",
        KeyOutcome.NotAllowed => "Only owners may change API keys. Nothing was changed.",
        KeyOutcome.LimitOutOfRange => string.Create(
            CultureInfo.InvariantCulture,
            $"Write a whole number from 1 to {ApiKeyService.RequestsPerMinuteMax:N0}, or nothing."),
        KeyOutcome.Done => "",
    };

    /// <summary>Asked before a key is revoked.</summary>
    public static ChargeQuestion RevokeQuestion(ApiKey key, DateTimeOffset now, string zone) => new(
        $"Revoke {key.Name}?",
        "Every program that sends this key is refused (401) from its next request on. It can no longer "
            + $"{StopsOf(key.Scopes)}. This cannot be undone; a new key has another text.",
        [
            new("Key", $"{key.Prefix}…"),
            new("Last used", key.LastUsedAt is { } used ? UsedOf(used, now, zone) : "Never"),
        ],
        "Revoke the key",
        IsDestructive: true);

    private static string UsedOf(DateTimeOffset used, DateTimeOffset now, string zone) =>
        now - used < KeyUses.Every * 2 ? "A moment ago: a program is using it" : TimeFormat.DateAndTime(used, zone);

    private static string StopsOf(ApiScopes scopes)
    {
        var ends = new List<string>(3);
        Add(ApiScopes.Read, "read balances and transactions");
        Add(ApiScopes.Usage, "record usage, hold credits or send SMS");
        Add(ApiScopes.Billing, "buy credits or change auto-recharge");
        return ends.Count == 1 ? ends[0] : $"{string.Join("; ", ends[..^1])}; or {ends[^1]}";

        void Add(ApiScopes scope, string words)
        {
            if (scopes.HasFlag(scope))
            {
                ends.Add(words);
            }
        }
    }
}
