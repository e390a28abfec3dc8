using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Messaging;

/// <summary>
/// The filter of messages as it stands in the address of the page and of its file. Everything is text until it is
/// judged here, so that a wrong value gets an answer that says how to write it.
/// </summary>
public sealed record SmsQuery
{
    public const int DaysDefault = 30;

    /// <summary>A leap year and a month: figures of longer periods say nothing more.</summary>
    public const int DaysMax = 397;

    public const string Day = "yyyy-MM-dd";
    private const int TextMax = 100;

    /// <summary>A day in the tenant's zone, for example <c>2026-11-01</c>; without one the last 30 days.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>A day, included.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "direction")]
    public string? Direction { get; init; }

    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "number")]
    public string? Number { get; init; }

    [FromQuery(Name = "country")]
    public string? Country { get; init; }

    [FromQuery(Name = "text")]
    public string? Text { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    public bool HasFilter => this with { From = null, To = null, Cursor = null } != new SmsQuery();

    public SmsRequest Judge(TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = LocalDays.Of(now, zone);
        var (from, to) = (DayOf(From), DayOf(To));
        var last = to ?? (from is { } start && start > today ? start : today);
        var first = from ?? last.AddDays(1 - DaysDefault);
        var (direction, state) = (Code<SmsDirection>(Direction), Code<SmsState>(State));
        var cursor = Clean(Cursor) is { } text ? SmsCursor.Parse(text) : null;
        var filter = new SmsFilter(
            LocalDays.StartOf(first, zone), LocalDays.StartOf(last.AddDays(1), zone), direction, state,
            Clean(Number), Clean(Country)?.ToUpperInvariant(), Clean(Text));
        var refusal = this switch
        {
            _ when (Clean(From) is not null && from is null) || (Clean(To) is not null && to is null) =>
                "from and to are days like 2026-11-01.",
            _ when first > last => "from must not lie after to.",
            _ when last.DayNumber - first.DayNumber >= DaysMax =>
                $"That is more than {DaysMax} days. Choose a shorter period.",
            _ when Clean(Direction) is not null && direction is null => "direction is outbound or inbound.",
            _ when Clean(State) is not null && state is null => $"state is one of {Codes<SmsState>()}.",
            _ when filter.Country is { Length: not 2 } => "country is a code of two letters, for example US.",
            _ when filter is { Number.Length: > TextMax } or { Text.Length: > TextMax } =>
                "number and text have at most 100 characters.",
            _ when Clean(Cursor) is not null && cursor is null =>
                "cursor is not one that this page gave out. Start again without it.",
            _ => null,
        };
        return new SmsRequest(filter, first, last, cursor, refusal);
    }

    private static TEnum? Code<TEnum>(string? text)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(value => TextCodes.Of(value) == Clean(text)).Select(value => (TEnum?)value)
            .FirstOrDefault();

    private static string Codes<TEnum>()
        where TEnum : struct, Enum => string.Join(", ", Enum.GetValues<TEnum>().Select(TextCodes.Of));

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(
        Clean(text), Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1999 and < 3000
            ? day
            : null;

    private static string? Clean(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
