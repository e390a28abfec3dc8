using System.Globalization;

namespace BillingPortal.Kernel;

/// <summary>Where a page of a list ended that runs by time, and by id where times are equal. Says nothing about the list itself.</summary>
public readonly record struct TimeCursor(DateTimeOffset At, Guid Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks:x}-{Id:N}");

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static TimeCursor? Parse(string? text) =>
        text?.Split('-') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at)
        && at >= 0 && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new TimeCursor(new DateTimeOffset(at, TimeSpan.Zero), guid)
            : null;
}
