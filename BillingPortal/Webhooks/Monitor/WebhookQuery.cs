using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>
/// The filter of the monitor as it stands in the page's address. Text until it is judged here, so that a wrong value gets an answer
/// that says how to write it. Days are UTC.
/// </summary>
public sealed record WebhookQuery
{
    private const int TextMax = 200;

    public string? Provider { get; init; }

    public string? State { get; init; }

    public string? Type { get; init; }

    /// <summary>An event's id, its object's id, or ours; whole.</summary>
    public string? Text { get; init; }

    /// <summary>A day, included.</summary>
    public string? From { get; init; }

    /// <summary>A day, included.</summary>
    public string? To { get; init; }

    public string? Cursor { get; init; }

    public bool IsAll => this with { Cursor = null } == new WebhookQuery();

    public string Address => QueryHelpers.AddQueryString("/staff/webhooks", new Dictionary<string, string?>
    {
        ["provider"] = Provider,
        ["state"] = State,
        ["type"] = Type,
        ["q"] = Text,
        ["from"] = From,
        ["to"] = To,
        ["cursor"] = Cursor,
    }.Where(part => !string.IsNullOrWhiteSpace(part.Value)));

    /// <summary>What to read, or why it is not read.</summary>
    public WebhookRequest Judge()
    {
        var (from, to) = (AuditQuery.DayOf(Trimmed(From)), AuditQuery.DayOf(Trimmed(To)));
        var states = Enum.GetValues<EventState>().ToDictionary(TextCodes.Of, StringComparer.Ordinal);
        var cursor = TimeCursor.Parse(Trimmed(Cursor));
        var filter = new WebhookFilter(
            Trimmed(Provider), Trimmed(State) is { } code && states.TryGetValue(code, out var state) ? state : null, Trimmed(Type),
            Trimmed(Text), from, to?.AddDays(1));
        return this switch
        {
            _ when (Trimmed(From) is not null && from is null) || (Trimmed(To) is not null && to is null) =>
                Refused("From and to are days like 2026-11-01."),
            _ when from > to => Refused("The first day lies behind the last one."),
            _ when filter.Provider is { } provider && !WebhookFilter.Providers.Contains(provider) =>
                Refused($"The provider is one of {string.Join(", ", WebhookFilter.Providers)}."),
            _ when Trimmed(State) is not null && filter.State is null => Refused($"The state is one of {string.Join(", ", states.Keys)}."),
            _ when filter.Type?.Length > TextMax || filter.Text?.Length > TextMax => Refused("No type and no id is that long."),
            _ when Trimmed(Cursor) is not null && cursor is null =>
                Refused("This address was cut off. Start again with the newest events."),
            _ => new WebhookRequest(filter, cursor, Refusal: null),
        };
    }

    // U+0000 cannot be in the database, and so in nothing that is looked for.
    private static string? Trimmed(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim().Replace('\0', '\uFFFD');

    private static WebhookRequest Refused(string refusal) => new(WebhookFilter.None, Cursor: null, refusal);
}

/// <summary>A judged query: what to read, or why it is not read.</summary>
public sealed record WebhookRequest(WebhookFilter Filter, TimeCursor? Cursor, string? Refusal);

/// <summary>What to look for; what is null does not matter.</summary>
/// <param name="To">Excluded.</param>
public sealed record WebhookFilter(
    string? Provider, EventState? State, string? Type, string? Text, DateTimeOffset? From, DateTimeOffset? To)
{
    public static readonly WebhookFilter None = new(null, null, null, null, null, null);

    public static IReadOnlyList<string> Providers { get; } = [WebhookInbox.Stripe, WebhookInbox.Twilio, WebhookInbox.Resend];

    internal IQueryable<WebhookEvent> Apply(IQueryable<WebhookEvent> events)
    {
        events = Provider is { } provider ? events.Where(row => row.Provider == provider) : events;
        events = State is { } state ? events.Where(row => row.State == state) : events;
        events = Type is { } type ? events.Where(row => row.Type == type) : events;
        events = From is { } from ? events.Where(row => row.ReceivedAt >= from) : events;
        events = To is { } to ? events.Where(row => row.ReceivedAt < to) : events;
        if (Text is not { } text)
        {
            return events;
        }

        // All providers are named, so that the unique index by provider and event id answers.
        var providers = Providers;
        return Guid.TryParse(text, out var id)
            ? events.Where(row => row.Id == id || row.ObjectId == text) // Resend's own ids look like ours
            : events.Where(row => row.ObjectId == text || (providers.Contains(row.Provider) && row.EventId == text));
    }
}
