using System.Globalization;

namespace BillingPortal.Components.Shared;

/// <summary>How times read for people, in a tenant's zone.</summary>
public static class TimeFormat
{
    // Months of three letters everywhere: en-GB writes "Sept".
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    /// <summary><c>20 Nov 2026, 14:05</c></summary>
    public static string DateAndTime(DateTimeOffset time, string zone) =>
        In(time, zone).ToString("d MMM yyyy, HH:mm", English);

    /// <summary><c>20 Nov 2026</c></summary>
    public static string Date(DateTimeOffset time, string zone) => In(time, zone).ToString("d MMM yyyy", English);

    /// <summary><c>14:05</c></summary>
    public static string TimeOfDay(DateTimeOffset time, string zone) => In(time, zone).ToString("HH:mm", English);

    /// <summary><c>2026-11-20 14:05:09 UTC</c></summary>
    public static string Utc(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The time in the zone; in UTC when the zone is unknown here.</summary>
    public static DateTimeOffset In(DateTimeOffset time, string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTime(time, found) : time.ToUniversalTime();
}
