using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Notifications.Log;

/// <summary>
/// The filter of the log of mails as it stands in the page's address. Text until it is judged here, so that a wrong value gets an
/// answer that says how to write it. Days are UTC.
/// </summary>
public sealed record MailQuery
{
    public string? State { get; init; }

    public string? Kind { get; init; }

    /// <summary>A tenant's short name.</summary>
    public string? Tenant { get; init; }

    /// <summary>A whole address.</summary>
    public string? To { get; init; }

    /// <summary>A day, included.</summary>
    public string? From { get; init; }

    /// <summary>A day, included.</summary>
    public string? Until { get; init; }

    public string? Cursor { get; init; }

    public bool IsAll => this with { Cursor = null } == new MailQuery();

    public string Address => QueryHelpers.AddQueryString("/staff/emails", new Dictionary<string, string?>
    {
        ["state"] = State,
        ["kind"] = Kind,
        ["tenant"] = Tenant,
        ["address"] = To,
        ["from"] = From,
        ["to"] = Until,
        ["cursor"] = Cursor,
    }.Where(part => !string.IsNullOrWhiteSpace(part.Value)));

    /// <summary>Everything but the tenant, whom only the database knows.</summary>
    public MailRequest Judge()
    {
        var (from, to) = (AuditQuery.DayOf(Trimmed(From)), AuditQuery.DayOf(Trimmed(Until)));
        var states = Enum.GetValues<EmailState>().ToDictionary(TextCodes.Of, StringComparer.Ordinal);
        var cursor = TimeCursor.Parse(Trimmed(Cursor));
        var filter = new MailFilter(
            Trimmed(State) is { } code && states.TryGetValue(code, out var state) ? state : null, Trimmed(Kind), TenantId: null,
            Trimmed(To) is { } address ? MailAddresses.Normalize(address) : null, from, to?.AddDays(1));
        return this switch
        {
            _ when (Trimmed(From) is not null && from is null) || (Trimmed(Until) is not null && to is null) =>
                Refused("From and to are days like 2026-11-01."),
            _ when from > to => Refused("The first day lies behind the last one."),
            _ when Trimmed(State) is not null && filter.State is null => Refused($"The state is one of {string.Join(", ", states.Keys)}."),
            _ when filter.To?.Length > MailAddresses.LengthMax => Refused("No address is that long."),
            _ when Trimmed(Cursor) is not null && cursor is null => Refused("This address was cut off. Start again with the newest mails."),
            _ => new MailRequest(filter, cursor, Refusal: null),
        };
    }

    // U+0000 cannot be in the database, and so in nothing that is looked for.
    private static string? Trimmed(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim().Replace('\0', '\uFFFD');

    private static MailRequest Refused(string refusal) => new(MailFilter.None, Cursor: null, refusal);
}

/// <summary>A judged query: what to read, or why it is not read.</summary>
public sealed record MailRequest(MailFilter Filter, TimeCursor? Cursor, string? Refusal);

/// <summary>What to look for; what is null does not matter.</summary>
/// <param name="To">As <see cref="MailAddresses.Normalize"/> spells it.</param>
/// <param name="Until">Excluded.</param>
public sealed record MailFilter(
    EmailState? State, string? Kind, Guid? TenantId, string? To, DateTimeOffset? From, DateTimeOffset? Until)
{
    public static readonly MailFilter None = new(null, null, null, null, null, null);

    internal IQueryable<SentEmail> Apply(IQueryable<SentEmail> mails)
    {
        mails = State is { } state ? mails.Where(mail => mail.State == state) : mails;
        mails = Kind is { } kind ? mails.Where(mail => mail.Kind == kind) : mails;
        mails = TenantId is { } tenant ? mails.Where(mail => mail.TenantId == tenant) : mails;
#pragma warning disable CA1304, CA1311, CA1862 // lower() of the database, which the index is over
        mails = To is { } address ? mails.Where(mail => mail.ToAddress.ToLower() == address) : mails;
#pragma warning restore CA1304, CA1311, CA1862
        mails = From is { } from ? mails.Where(mail => mail.CreatedAt >= from) : mails;
        return Until is { } until ? mails.Where(mail => mail.CreatedAt < until) : mails;
    }
}
