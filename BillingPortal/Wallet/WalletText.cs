using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Wallet;

/// <summary>Days as this room's sentences say them.</summary>
public static class WalletText
{
    /// <summary>"Tue 24 Nov" in the zone; the year only when it is another one.</summary>
    public static string Day(DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset now)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone));
        return local.ToString(local.Year == today.Year ? "ddd d MMM" : "ddd d MMM yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>"Tue 24 Nov", a UTC day: that of a rent.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    /// <summary>"2 numbers renew for 200 credits".</summary>
    public static string Renewal(Renewal renewal) => string.Create(
        CultureInfo.InvariantCulture,
        $"{renewal.Numbers:N0} {(renewal.Numbers == 1 ? "number renews" : "numbers renew")} for {AmountFormat.Text(renewal.Amount)}");

    /// <summary>"today", "tomorrow", "in 6 days".</summary>
    public static string InDays(DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset now)
    {
        var days = (TimeZoneInfo.ConvertTime(at, zone).Date - TimeZoneInfo.ConvertTime(now, zone).Date).Days;
        return days switch
        {
            <= 0 => "today",
            1 => "tomorrow",
            _ => string.Create(CultureInfo.InvariantCulture, $"in {days} days"),
        };
    }

    /// <summary>"about 6 days", "about 5 hours".</summary>
    public static string AboutDays(TimeSpan time) => time switch
    {
        { TotalHours: < 1 } => "less than an hour",
        { TotalHours: < 36 } => Count(time.TotalHours, "hour"),
        _ => Count(time.TotalDays, "day"),
    };

    private static string Count(double number, string what)
    {
        var whole = (long)Math.Round(number);
        return string.Create(CultureInfo.InvariantCulture, $"about {whole:N0} {what}{(whole == 1 ? "" : "s")}");
    }
}
