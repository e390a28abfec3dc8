using System.Globalization;
using BillingPortal.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Audit;

/// <summary>
/// The filter of the log as it stands in the page's address. Text until it is judged here, so that a wrong value gets an answer that
/// says how to write it. Days are UTC.
/// </summary>
public sealed record AuditQuery
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>A tenant's short name.</summary>
    public string? Tenant { get; init; }

    /// <summary>A kind of actor: <c>person</c>, <c>staff</c>, <c>api_key</c>, <c>system</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>How the action begins.</summary>
    public string? Action { get; init; }

    /// <summary>A subject's type.</summary>
    public string? Subject { get; init; }

    /// <summary>A subject's id.</summary>
    public string? Id { get; init; }

    /// <summary>A day, included.</summary>
    public string? From { get; init; }

    /// <summary>A day, included.</summary>
    public string? To { get; init; }

    public string? Cursor { get; init; }

    public bool IsAll => this with { Cursor = null } == new AuditQuery();

    public string Address => QueryHelpers.AddQueryString("/staff/audit", new Dictionary<string, string?>
    {
        ["tenant"] = Tenant,
        ["actor"] = Actor,
        ["action"] = Action,
        ["subject"] = Subject,
        ["id"] = Id,
        ["from"] = From,
        ["to"] = To,
        ["cursor"] = Cursor,
    }.Where(part => !string.IsNullOrWhiteSpace(part.Value)));

    /// <summary>Everything but the tenant, whom only the database knows.</summary>
    public AuditRequest Judge()
    {
        var (from, to) = (DayOf(From), DayOf(To));
        var kinds = Enum.GetValues<ActorKind>().ToDictionary(TextCodes.Of, StringComparer.Ordinal);
        var cursor = Text(Cursor) is null ? null : AuditCursor.Parse(Text(Cursor));
        return this switch
        {
            _ when Text(From) is not null && from is null || Text(To) is not null && to is null =>
                Refused("From and to are days like 2026-11-01."),
            _ when from > to => Refused("The first day lies behind the last one."),
            _ when Text(Actor) is { } code && !kinds.ContainsKey(code) => Refused($"Who is one of {string.Join(", ", kinds.Keys)}."),
            _ when Text(Cursor) is not null && cursor is null => Refused("This address was cut off. Start again with the newest lines."),
            _ => new AuditRequest(
                new AuditFilter
                {
                    ActorKind = Text(Actor) is { } known ? kinds[known] : null,
                    Action = Text(Action),
                    SubjectType = Text(Subject),
                    SubjectId = Text(Id),
                    From = from,
                    To = to?.AddDays(1),
                },
                cursor, Refusal: null),
        };
    }

    internal static DateTimeOffset? DayOf(string? text) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1999 and < 3000
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;

    private static AuditRequest Refused(string refusal) => new(new AuditFilter(), Cursor: null, refusal);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>A judged query: what to read, or why it is not read.</summary>
public sealed record AuditRequest(AuditFilter Filter, AuditCursor? Cursor, string? Refusal);
