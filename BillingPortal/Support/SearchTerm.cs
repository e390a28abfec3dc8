using System.Text.RegularExpressions;

namespace BillingPortal.Support;

/// <summary>What kind of thing somebody has typed into the search.</summary>
public enum SearchKind
{
    /// <summary>Words of a name or a short name.</summary>
    Words = 1,
    Email,
    Phone,
    Customer,
    PaymentIntent,
    PaymentMethod,
    CheckoutSession,
    Charge,
    Refund,

    /// <summary>An id of ours: of a tenant, purchase, message, person, refund.</summary>
    Id,

    /// <summary>The number of an issued receipt, <c>BP-2026-000017</c>.</summary>
    Receipt,

    /// <summary>The short number of a purchase in mails and entries, <c>R-261120-0A1B2C3D</c>.</summary>
    PurchaseNumber,

    /// <summary>Twilio's, <c>SM…</c> or <c>MM…</c>.</summary>
    Message,

    /// <summary>Twilio's, <c>CA…</c>.</summary>
    Call,
}

/// <summary>What was typed, recognised by its shape alone. Pure: whether there is such a thing, the database says.</summary>
public sealed partial record SearchTerm(SearchKind Kind, string Value)
{
    public const int LengthMax = 200;

    private static readonly (string Prefix, SearchKind Kind)[] Stripe =
    [
        ("cus_", SearchKind.Customer), ("pi_", SearchKind.PaymentIntent), ("pm_", SearchKind.PaymentMethod),
        ("cs_", SearchKind.CheckoutSession), ("ch_", SearchKind.Charge), ("py_", SearchKind.Charge),
        ("re_", SearchKind.Refund), ("pyr_", SearchKind.Refund),
    ];

    /// <summary>Null for nothing, and for more than anything is called.</summary>
    public static SearchTerm? Parse(string? typed)
    {
        var text = new string([.. (typed ?? "").Where(letter => !char.IsControl(letter))]).Trim();
        if (text.Length is 0 or > LengthMax)
        {
            return null;
        }

        if (Stripe.FirstOrDefault(one => text.StartsWith(one.Prefix, StringComparison.Ordinal)) is { Prefix: not null } stripe)
        {
            // Somebody may have copied an intent's client secret.
            return new SearchTerm(stripe.Kind, text.Split("_secret_")[0]);
        }

        return text switch
        {
            _ when Guid.TryParse(text, out var id) => new SearchTerm(SearchKind.Id, id.ToString()),
            _ when MessageSid().IsMatch(text) => new SearchTerm(SearchKind.Message, Sid(text)),
            _ when CallSid().IsMatch(text) => new SearchTerm(SearchKind.Call, Sid(text)),
            _ when PurchaseNumber().IsMatch(text) => new SearchTerm(SearchKind.PurchaseNumber, text.ToUpperInvariant()),
            _ when Receipt().IsMatch(text) => new SearchTerm(SearchKind.Receipt, text.ToUpperInvariant()),
            _ when text.Contains('@', StringComparison.Ordinal) => new SearchTerm(SearchKind.Email, text.ToUpperInvariant()),
            _ when Phone(text) is { } number => new SearchTerm(SearchKind.Phone, number),
            _ => new SearchTerm(SearchKind.Words, text),
        };
    }

    /// <summary>A prefix search for every word, in any order; null when there is no letter or digit.</summary>
    public static string? TextQuery(string words)
    {
        var parts = Word().Matches(words).Select(match => match.Value.ToLowerInvariant() + ":*").ToList();
        return parts.Count == 0 ? null : string.Join(" & ", parts);
    }

    // As people write it; without a plus it may lack the country.
    private static string? Phone(string text)
    {
        var digits = PhoneSigns().Replace(text, "");
        return digits switch
        {
            ['+', .. var rest] when IsNumber(rest) => digits,
            ['0', '0', .. var rest] when IsNumber(rest) => "+" + rest,
            _ when IsNumber(digits) => "+" + digits,
            _ => null,
        };
    }

    private static bool IsNumber(string digits) => digits.Length is >= 7 and <= 15 && digits.All(char.IsAsciiDigit);

    private static string Sid(string text) => text[..2].ToUpperInvariant() + text[2..].ToLowerInvariant();

    [GeneratedRegex("^(SM|MM)[0-9a-f]{32}$", RegexOptions.IgnoreCase)]
    private static partial Regex MessageSid();

    [GeneratedRegex("^CA[0-9a-f]{32}$", RegexOptions.IgnoreCase)]
    private static partial Regex CallSid();

    [GeneratedRegex("^R-[0-9]{6}-[0-9A-F]{8}$", RegexOptions.IgnoreCase)]
    private static partial Regex PurchaseNumber();

    [GeneratedRegex("^[A-Z0-9]{1,8}-[0-9]{4}-[0-9]{1,9}$", RegexOptions.IgnoreCase)]
    private static partial Regex Receipt();

    [GeneratedRegex(@"[\s().\-/]")]
    private static partial Regex PhoneSigns();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
