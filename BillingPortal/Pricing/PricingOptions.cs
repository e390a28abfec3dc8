using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Pricing;

/// <summary>Settings of section <c>Pricing</c>.</summary>
public sealed class PricingOptions : IValidatableObject
{
    public const string Section = "Pricing";

    /// <summary>How long a process may go on with the prices it has read.</summary>
    [Range(1, 3600)]
    public int CacheSeconds { get; init; } = 10;

    /// <summary>How long counting a change's effect on last month may take before it is given up.</summary>
    [Range(1, 60)]
    public int PreviewSeconds { get; init; } = 10;

    /// <summary>The least that a custom purchase may cost: the card fee makes less pointless (contract, "Price book").</summary>
    [Range(50, 99_999_999)]
    public int CustomMinCents { get; init; } = 100;

    /// <summary>The most that one custom purchase may cost (contract, "Price book").</summary>
    [Range(50, 99_999_999)]
    public int CustomMaxCents { get; init; } = 1_000_000;

    public bool AllowsCustom(int priceCents) => priceCents >= CustomMinCents && priceCents <= CustomMaxCents;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CustomMinCents > CustomMaxCents)
        {
            yield return new ValidationResult(
                $"{Section}:CustomMinCents ({CustomMinCents}) must not be above {Section}:CustomMaxCents ({CustomMaxCents}).");
        }
    }
}
