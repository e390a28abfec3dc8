using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;

namespace BillingPortal.PhoneNumbers;

/// <summary>What a search brought: numbers, or in words why there are none.</summary>
/// <param name="SetUp">Once; null where the plan has no numbers.</param>
/// <param name="Monthly">From the second month on.</param>
public sealed record NumberOffers(
    IReadOnlyList<NumberForSale> Numbers, Amount? SetUp, Amount? Monthly, string? Fault = null);

/// <summary>Numbers for sale, with what they cost this tenant. Sells nothing.</summary>
public sealed partial class NumberShop(PriceBook prices, TwilioClient twilio, TimeProvider clock)
{
    public const int OffersMax = 20;

    /// <summary>Countries whose local numbers can be bought here, by their code.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> Countries =
    [
        ("US", "United States"), ("CA", "Canada"), ("GB", "United Kingdom"), ("DE", "Germany"), ("FR", "France"),
        ("AU", "Australia"),
    ];

    /// <summary>Area codes narrow the search in North America only; elsewhere digits of the number do.</summary>
    public static bool HasAreaCodes(string country) => country is "US" or "CA";

    public async Task<NumberOffers> SearchAsync(
        Guid tenantId, Unit plan, string country, string? areaCode, string? contains,
        CancellationToken cancellationToken = default)
    {
        var (area, digits) = (Blank(areaCode), Blank(contains));
        var now = clock.GetUtcNow();
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        var offers = new NumberOffers(
            [], priced.SetUp(tenantId, plan, now), priced.Monthly(tenantId, plan, ownE4: null, now));
        if (area is not null && !AreaCode().IsMatch(area))
        {
            return offers with { Fault = "An area code has three digits, for example 415." };
        }

        if (digits is not null && !Digits().IsMatch(digits))
        {
            return offers with { Fault = "Search for digits or letters of a keypad; * stands for any one." };
        }

        try
        {
            return offers with
            {
                Numbers = await twilio.SearchNumbersAsync(
                    new NumberSearch(country, HasAreaCodes(country) ? area : null, digits, OffersMax), cancellationToken),
            };
        }
        catch (ProviderException)
        {
            return offers with { Fault = "The phone network could not be asked. Try again in a minute." };
        }
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex("^[2-9][0-9]{2}$")]
    private static partial Regex AreaCode();

    [GeneratedRegex("^[0-9A-Za-z*]{1,15}$")]
    private static partial Regex Digits();
}
