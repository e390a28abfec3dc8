using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>A change as it is being typed. Times are UTC.</summary>
public sealed class PriceDraft
{
    public required Unit Plan { get; init; }

    public string Service { get; set; } = ServiceCodes.SmsOutbound;

    /// <summary>True for a price of one tenant alone.</summary>
    public bool IsOwn { get; init; }

    public TenantChoice? Tenant { get; set; }

    public bool IsOffered { get; set; } = true;

    public decimal? Base { get; set; }

    public decimal? Rate { get; set; }

    public bool PerStarted { get; set; }

    /// <summary>As soon as possible, rather than from <see cref="From"/>.</summary>
    public bool IsAtOnce { get; set; }

    public DateTime? From { get; set; }

    public DateTime? Until { get; set; }

    /// <summary>Null while no tenant is chosen for a price of its own.</summary>
    public PriceKey? Key => IsOwn && Tenant is null ? null : new PriceKey(Plan, Service, Tenant?.Id);

    /// <summary>The figures of a price to begin with.</summary>
    public void Take(PriceRow? row)
    {
        (IsOffered, PerStarted) = (row is not { IsOffered: false }, row?.PerStarted ?? false);
        Base = row is { BaseE4: > 0 } ? (decimal)row.BaseE4 / Amount.Scale : null;
        Rate = row is { IsOffered: true } ? (decimal)row.RateE4 / Amount.Scale : null;
    }

    /// <summary>Null, with the reason, while something is missing.</summary>
    public PriceChange? ToChange(out string? missing)
    {
        missing = Key is null ? "Choose the tenant whose price this is."
            : !IsAtOnce && From is null ? "Enter from when the price holds, or choose “As soon as possible”."
            : null;
        return missing is not null ? null : new PriceChange
        {
            Key = Key!,
            IsOffered = IsOffered,
            Base = Base,
            Rate = Rate,
            PerStarted = PerStarted,
            From = IsAtOnce ? null : Utc(From),
            Until = IsOwn ? Utc(Until) : null,
        };
    }

    /// <summary>Tomorrow at midnight, UTC.</summary>
    public static DateTime TomorrowOf(DateTimeOffset now) =>
        DateTime.SpecifyKind(now.UtcDateTime.Date.AddDays(1), DateTimeKind.Unspecified);

    private static DateTimeOffset? Utc(DateTime? at) =>
        at is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), TimeSpan.Zero) : null;
}
