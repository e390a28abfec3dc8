using System.Globalization;
using BillingPortal.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Tenants.Team.History;

/// <summary>
/// The filter of an account's history as it stands in the address. Text until it is judged, so that a wrong value gets an answer that says
/// how to write it. Days are the account's.
/// </summary>
public sealed record HistoryQuery
{
    public const string Path = "/team/history";

    /// <summary>A person's or key's id, <c>support</c> or <c>portal</c>.</summary>
    public string? Who { get; init; }

    /// <summary>A code of <see cref="HistoryKind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>A day, included.</summary>
    public string? From { get; init; }

    /// <summary>A day, included.</summary>
    public string? To { get; init; }

    public string? Cursor { get; init; }

    public bool IsAll => this with { Cursor = null } == new HistoryQuery();

    public string Address => AddressOf(Path);

    public string File => (this with { Cursor = null }).AddressOf($"{Path}.csv");

    public HistoryRequest Judge(TimeZoneInfo zone)
    {
        var (from, to) = (DayOf(From), DayOf(To));
        var cursor = Text(Cursor) is { } page ? AuditCursor.Parse(page) : null;
        var who = Guid.TryParse(Who, out var id) ? id : (Guid?)null;
        return this switch
        {
            _ when Text(From) is not null && from is null || Text(To) is not null && to is null =>
                Refused("From and to are days like 2026-11-01."),
            _ when from > to => Refused("The first day lies behind the last one."),
            _ when Text(Kind) is { } kind && HistoryKind.Of(kind) is null =>
                Refused($"Kind is one of {string.Join(", ", HistoryKind.All.Select(one => one.Code))}."),
            _ when Text(Who) is { } name && who is null && name is not ("support" or "portal") =>
                Refused("Who is somebody of the list."),
            _ when Text(Cursor) is not null && cursor is null => Refused("This address was cut off. Start again with the newest lines."),
            _ => new HistoryRequest(
                new AuditFilter
                {
                    ActorId = who,
                    ActorKind = Text(Who) switch { "support" => ActorKind.Staff, "portal" => ActorKind.System, _ => null },
                    Subjects = HistoryKind.Of(Text(Kind))?.Subjects,
                    From = Start(from, zone),
                    To = Start(to?.AddDays(1), zone),
                },
                cursor, Refusal: null),
        };
    }

    internal static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1999 and < 3000 ? day : null;

    private static DateTimeOffset? Start(DateOnly? day, TimeZoneInfo zone)
    {
        if (day is not { } known)
        {
            return null;
        }

        var local = known.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15); // a day that begins later
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private string AddressOf(string path) => QueryHelpers.AddQueryString(path, new Dictionary<string, string?>
    {
        ["who"] = Who,
        ["kind"] = Kind,
        ["from"] = From,
        ["to"] = To,
        ["cursor"] = Cursor,
    }.Where(part => !string.IsNullOrWhiteSpace(part.Value)));

    private static HistoryRequest Refused(string refusal) => new(new AuditFilter(), Cursor: null, refusal);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>A judged query: what to read, or why it is not read.</summary>
public sealed record HistoryRequest(AuditFilter Filter, AuditCursor? Cursor, string? Refusal);
