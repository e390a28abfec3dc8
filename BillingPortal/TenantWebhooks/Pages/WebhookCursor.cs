using System.Globalization;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>Where a page of deliveries ended.</summary>
public readonly record struct WebhookCursor(DateTimeOffset At, Guid Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks:x}-{Id:N}");

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static WebhookCursor? Parse(string? text) =>
        text?.Split('-') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at)
        && at >= 0 && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new WebhookCursor(new DateTimeOffset(at, TimeSpan.Zero), guid)
            : null;
}
