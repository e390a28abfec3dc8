using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Analytics;

/// <summary>By what usage is grouped.</summary>
public enum UsageGroup
{
    Service = 1,
    Number,
    Tag,
}

/// <summary>How long one column of the chart is.</summary>
public enum UsageStep
{
    Day = 1,

    /// <summary>Begins on Monday.</summary>
    Week,
    Month,
}

/// <summary>
/// The question of the usage page as it stands in the address, of the API and of the page alike. Everything is text until it is
/// judged here, so that a wrong value gets an answer that says how to write it.
/// </summary>
public sealed record UsageQuery
{
    public const string Day = "yyyy-MM-dd";

    /// <summary>A year and a month of days; longer periods say nothing more.</summary>
    public const int DaysMax = 397;
    private const int DaysDefault = 30;
    private const int ColumnsMax = 100;

    /// <summary><c>credits</c> or <c>usd</c>; without one the unit of the plan.</summary>
    [FromQuery(Name = "unit")]
    public string? Unit { get; init; }

    /// <summary><c>7</c>, <c>30</c>, <c>90</c> or <c>month</c>; without one the days below, or 30.</summary>
    [FromQuery(Name = "period")]
    public string? Period { get; init; }

    /// <summary>A UTC day like <c>2026-11-01</c>.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>A UTC day, included.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary><c>service</c>, <c>number</c> or <c>tag</c>.</summary>
    [FromQuery(Name = "group")]
    public string? Group { get; init; }

    /// <summary>A key of the events' metadata, for <c>group=tag</c>.</summary>
    [FromQuery(Name = "tag")]
    public string? Tag { get; init; }

    /// <summary><c>day</c>, <c>week</c> or <c>month</c>; without one what fits the period.</summary>
    [FromQuery(Name = "by")]
    public string? By { get; init; }

    /// <summary>Only this service.</summary>
    [FromQuery(Name = "service")]
    public string? Service { get; init; }

    public UsageRequest Judge(Unit plan, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var unit = Text(Unit) is { } code ? Units.Parse(code) : plan;
        var (from, to) = (DayOf(From), DayOf(To));
        var (first, last) = Days(Text(Period), from, to, today);
        var group = Code<UsageGroup>(Group) ?? (Text(Group) is null ? (Text(Tag) is null ? UsageGroup.Service : UsageGroup.Tag) : null);
        var days = last.DayNumber - first.DayNumber + 1;
        var step = Text(By) is null ? Fitting(days) : Code<UsageStep>(By);
        var service = Text(Service);
        var refusal = this switch
        {
            _ when unit is null => Refused("invalid_unit", "unit is credits or usd."),
            _ when Text(Period) is not (null or "7" or "30" or "90" or "month") =>
                Refused("invalid_period", "period is 7, 30, 90 or month."),
            _ when (Text(From) is not null && from is null) || (Text(To) is not null && to is null) =>
                Refused("invalid_period", "from and to are days like 2026-11-01."),
            _ when first > last => Refused("invalid_period", "from must not lie after to."),
            _ when days > DaysMax => Refused("invalid_period", $"That is more than {DaysMax} days. Choose a shorter period."),
            _ when group is null => Refused("invalid_group", "group is service, number or tag."),
            _ when group is UsageGroup.Tag && Text(Tag) is null => Refused("invalid_tag", "tag names a key of your events' metadata."),
            _ when Text(Tag) is { Length: > UsageLines.TagLengthMax } =>
                Refused("invalid_tag", $"tag has at most {UsageLines.TagLengthMax} characters."),
            _ when step is null => Refused("invalid_step", "by is day, week or month."),
            _ when step is UsageStep.Day && days > ColumnsMax =>
                Refused("invalid_step", $"More than {ColumnsMax} days are shown by week or by month."),
            _ when service is not null && !ServiceNames.All.Contains(service) =>
                Refused("invalid_service", $"service is one of {string.Join(", ", ServiceNames.All)}."),
            _ => null,
        };
        return new UsageRequest(
            unit ?? plan, first, last, Before(first, last, Text(Period) is "month"), group ?? UsageGroup.Service,
            group is UsageGroup.Tag ? Text(Tag) : null, step ?? UsageStep.Day, service, refusal);
    }

    private static (DateOnly First, DateOnly Last) Days(string? period, DateOnly? from, DateOnly? to, DateOnly today) => period switch
    {
        "month" => (today.AddDays(1 - today.Day), today),
        "7" or "30" or "90" => (today.AddDays(1 - int.Parse(period, CultureInfo.InvariantCulture)), today),
        _ => (from ?? (to ?? today).AddDays(1 - DaysDefault), to ?? (from > today ? from.Value : today)),
    };

    // A running month is compared with the same days of the month before.
    private static (DateOnly First, DateOnly Last) Before(DateOnly first, DateOnly last, bool isMonth)
    {
        if (!isMonth)
        {
            return (first.AddDays(first.DayNumber - last.DayNumber - 1), first.AddDays(-1));
        }

        var start = first.AddMonths(-1);
        var end = start.AddDays(last.Day - 1);
        return (start, end < first ? end : first.AddDays(-1));
    }

    private static UsageStep Fitting(int days) => days <= 92 ? UsageStep.Day : UsageStep.Week;

    private static TEnum? Code<TEnum>(string? text)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(value => TextCodes.Of(value) == Text(text)).Select(value => (TEnum?)value).FirstOrDefault();

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(
        Text(text), Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 3000
            ? day
            : null;

    private static UsageRefusal Refused(string code, string detail) => new(code, detail);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>A judged question: either what to read, or a refusal that says what to change. Days are UTC, both ends included.</summary>
/// <param name="Before">The days that it is compared with.</param>
public sealed record UsageRequest(
    Unit Unit, DateOnly First, DateOnly Last, (DateOnly First, DateOnly Last) Before, UsageGroup Group, string? Tag, UsageStep Step,
    string? Service, UsageRefusal? Refusal)
{
    /// <summary>As the figures are kept.</summary>
    internal string Dimension => Group switch
    {
        UsageGroup.Service => UsageLines.All,
        UsageGroup.Number => UsageLines.Number,
        UsageGroup.Tag => UsageLines.TagPrefix + Tag,
    };

    /// <summary>The first day of the column that a day stands in; a column never begins before the period.</summary>
    internal DateOnly ColumnOf(DateOnly day)
    {
        var start = Step switch
        {
            UsageStep.Day => day,
            UsageStep.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            UsageStep.Month => day.AddDays(1 - day.Day),
        };
        return start < First ? First : start;
    }
}

/// <summary>Why a question was not answered.</summary>
public sealed record UsageRefusal(string Code, string Detail);
