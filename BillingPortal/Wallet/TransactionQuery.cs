using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Wallet;

/// <summary>
/// The filter of transactions as it stands in an address, of the API and of the page alike. Everything is text until it
/// is judged here, so that a wrong value gets an answer that says how to write it.
/// </summary>
public sealed record TransactionQuery
{
    public const int LimitMax = 200;
    public const int LimitDefault = 50;
    private const int TextMax = 100;

    private static readonly string KindCodes =
        string.Join(", ", Enum.GetValues<EntryKind>().Select(TextCodes.Of));

    /// <summary><c>credits</c> or <c>usd</c>; without one the unit of the plan.</summary>
    [FromQuery(Name = "unit")]
    public string? Unit { get; init; }

    /// <summary>A day in the tenant's zone (<c>2026-11-01</c>) or an instant with its offset.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>A day, included, or an instant, excluded.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>One or more kinds, separated by commas.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "service")]
    public string? Service { get; init; }

    /// <summary>Part of a reference or note.</summary>
    [FromQuery(Name = "reference")]
    public string? Reference { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    public TransactionRequest Judge(Unit plan, TimeZoneInfo zone)
    {
        var unit = Text(Unit) is { } unitCode ? Units.Parse(unitCode) : plan;
        var from = Bound(From, zone, daysLater: 0);
        var to = Bound(To, zone, daysLater: 1);
        var kinds = Kinds();
        var cursor = Text(Cursor) is { } text ? TransactionCursor.Parse(text) : null;
        var limit = Text(Limit) is not { } number ? LimitDefault
            : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var filter = new TransactionFilter(unit ?? plan, from.At, to.At, kinds ?? [], Text(Service), Text(Reference));
        return this switch
        {
            _ when unit is null => Refused("invalid_unit", "unit is credits or usd."),
            _ when !from.IsRead || !to.IsRead => Refused(
                "invalid_period", "from and to are days like 2026-11-01 or instants like 2026-11-01T08:00:00Z."),
            _ when from.At >= to.At => Refused("invalid_period", "from must lie before to."),
            _ when kinds is null => Refused("invalid_kind", $"kind is one or more of {KindCodes}, separated by commas."),
            _ when filter.Service is { } service && !ServiceNames.All.Contains(service) => Refused(
                "invalid_service", $"service is one of {string.Join(", ", ServiceNames.All)}."),
            _ when filter.Text is { Length: > TextMax } => Refused(
                "invalid_reference", "reference has at most 100 characters."),
            _ when Text(Cursor) is not null && cursor?.Unit != unit => Refused(
                "invalid_cursor", "cursor is not one that this address gave out for this unit. Start again without it."),
            _ when limit is < 1 or > LimitMax => Refused("invalid_limit", "limit is a whole number from 1 to 200."),
            _ => new TransactionRequest(filter, cursor, limit, Refusal: null),
        };
    }

    // Null for an unknown kind.
    private List<EntryKind>? Kinds()
    {
        var known = Enum.GetValues<EntryKind>().ToDictionary(TextCodes.Of, StringComparer.Ordinal);
        var codes = (Kind ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return codes.All(known.ContainsKey) ? [.. codes.Select(code => known[code]).Distinct()] : null;
    }

    private static (bool IsRead, DateTimeOffset? At) Bound(string? value, TimeZoneInfo zone, int daysLater)
    {
        if (Text(value) is not { } text)
        {
            return (true, null);
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.Year is > 1999 and < 3000
                ? (true, LocalDays.StartOf(day.AddDays(daysLater), zone))
                : (false, null);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && at.Year is > 1999 and < 3000
                ? (true, at.ToUniversalTime())
                : (false, null);
    }

    private static TransactionRequest Refused(string code, string detail) =>
        new(TransactionFilter.All(Kernel.Unit.Credits), Cursor: null, 0, new TransactionRefusal(code, detail));

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>A judged query: either what to read, or a refusal that says what to change.</summary>
public sealed record TransactionRequest(
    TransactionFilter Filter, TransactionCursor? Cursor, int Limit, TransactionRefusal? Refusal);

/// <summary>Why a query was not read.</summary>
public sealed record TransactionRefusal(string Code, string Detail);
