namespace BillingPortal.Pricing.Editor;

/// <summary>A change of a package as it is being typed. Times are UTC.</summary>
public sealed class PackageDraft
{
    public required PackageChangeKind Kind { get; init; }

    /// <summary>Null for a package that is added.</summary>
    public PackageLine? Line { get; init; }

    public decimal? Credits { get; set; }

    /// <summary>US dollars.</summary>
    public decimal? Price { get; set; }

    /// <summary>As soon as possible, rather than from <see cref="From"/>.</summary>
    public bool IsAtOnce { get; set; }

    public DateTime? From { get; set; }

    /// <summary>Null, with the reason, while something is missing or is no whole number.</summary>
    public PackageChange? ToChange(out string? missing)
    {
        missing =
            Kind is PackageChangeKind.Add && (Credits is not { } credits || credits != decimal.Truncate(credits))
                ? "Enter how many credits it brings: a whole number."
            : Kind is not PackageChangeKind.Withdraw && (Price is not { } price || price * 100 != decimal.Truncate(price * 100))
                ? "Enter the price in dollars and cents."
            : Credits > PackagePolicy.CreditsMax || Price > PriceChangePolicy.AmountMax ? "That is too much. Check the figures."
            : !IsAtOnce && From is null ? "Enter from when it holds, or choose “As soon as possible”."
            : null;
        return missing is not null ? null : new PackageChange
        {
            Kind = Kind,
            Code = Line?.Code,
            Credits = (long?)Credits,
            PriceCents = (int?)(Price * 100),
            From = IsAtOnce ? null : new DateTimeOffset(DateTime.SpecifyKind(From!.Value, DateTimeKind.Unspecified), TimeSpan.Zero),
        };
    }
}
