using System.Globalization;

namespace BillingPortal.Sandbox.Twilio.Numbers;

/// <summary>
/// The numbers for sale. All lie in ranges that the countries' regulators keep for films and examples: none of them
/// ever rings anywhere.
/// </summary>
internal static class Stock
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<Place>> Places = All()
        .GroupBy(place => place.Country)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<Place>)[.. group], StringComparer.Ordinal);

    public static IEnumerable<string> Countries => Places.Keys;

    /// <summary>All of a country in a fixed order; null for a country that has none.</summary>
    public static IEnumerable<NumberForSale>? Of(string country, string? areaCode)
    {
        if (!Places.TryGetValue(country, out var places))
        {
            return null;
        }

        var wanted = areaCode is null ? places : [.. places.Where(place => place.AreaCode == areaCode)];
        if (wanted.Count == 0 && areaCode is not null && IsAmerican(country) && IsAreaCode(areaCode))
        {
            wanted = [new Place(country, areaCode, $"+1{areaCode}55501", 2, null, null, null, 0, 0)];
        }

        // The first number of every place, then the second of every place: a short page shows many towns.
        return Enumerable.Range(0, 100).SelectMany(line => wanted.Select(place => place.Number(line)));
    }

    /// <summary>Whether a number that somebody names can be sold: any of a country in which there is stock.</summary>
    public static bool Has(string phoneNumber) => IsAmerican(CountryOf(phoneNumber))
        ? phoneNumber[2] is >= '2' and <= '9'
        : Places.ContainsKey(CountryOf(phoneNumber));

    /// <summary>American numbers all take messages; elsewhere only the even ones do.</summary>
    public static bool IsForSms(string phoneNumber) =>
        IsAmerican(CountryOf(phoneNumber)) || (phoneNumber[^1] - '0') % 2 == 0;

    public static string CountryOf(string phoneNumber) => phoneNumber switch
    {
        ['+', '1', ..] => "US",
        ['+', '4', '4', ..] => "GB",
        ['+', '4', '9', ..] => "DE",
        ['+', '3', '3', ..] => "FR",
        ['+', '6', '1', ..] => "AU",
        _ => "",
    };

    private static bool IsAmerican(string country) => country is "US" or "CA";

    private static bool IsAreaCode(string text) =>
        text.Length == 3 && text.All(char.IsAsciiDigit) && text[0] >= '2' && text is not [_, '1', '1'];

    private static IEnumerable<Place> All()
    {
        (string Area, string Town, string Region, string Zip, double North, double East)[] cities =
        [
            ("415", "San Francisco", "CA", "94103", 37.7749, -122.4194),
            ("212", "New York", "NY", "10001", 40.7128, -74.0060),
            ("312", "Chicago", "IL", "60601", 41.8781, -87.6298),
            ("305", "Miami", "FL", "33101", 25.7617, -80.1918),
            ("206", "Seattle", "WA", "98101", 47.6062, -122.3321),
            ("512", "Austin", "TX", "78701", 30.2672, -97.7431),
            ("617", "Boston", "MA", "02108", 42.3601, -71.0589),
            ("303", "Denver", "CO", "80202", 39.7392, -104.9903),
            ("404", "Atlanta", "GA", "30303", 33.7490, -84.3880),
            ("213", "Los Angeles", "CA", "90012", 34.0522, -118.2437),
        ];
        foreach (var (area, town, region, zip, north, east) in cities)
        {
            yield return new Place("US", area, $"+1{area}55501", 2, town, region, zip, north, east);
        }

        yield return new Place("CA", "416", "+141655501", 2, "Toronto", "ON", "M5H", 43.6532, -79.3832);
        yield return new Place("CA", "514", "+151455501", 2, "Montréal", "QC", "H2Y", 45.5017, -73.5673);
        yield return new Place("CA", "604", "+160455501", 2, "Vancouver", "BC", "V6B", 49.2827, -123.1207);
        yield return new Place("GB", "20", "+442079460", 3, "London", null, null, 51.5074, -0.1278);
        yield return new Place("GB", "161", "+441614960", 3, "Manchester", null, null, 53.4808, -2.2426);
        yield return new Place("GB", "121", "+441214960", 3, "Birmingham", null, null, 52.4862, -1.8904);
        yield return new Place("DE", "30", "+493023125", 3, "Berlin", null, null, 52.5200, 13.4050);
        yield return new Place("DE", "69", "+496990009", 3, "Frankfurt", null, null, 50.1109, 8.6821);
        yield return new Place("DE", "89", "+498999998", 3, "München", null, null, 48.1351, 11.5820);
        yield return new Place("FR", "1", "+3319900", 4, "Paris", null, null, 48.8566, 2.3522);
        yield return new Place("AU", "2", "+6125550", 4, "Sydney", "NSW", null, -33.8688, 151.2093);
        yield return new Place("AU", "3", "+6135550", 4, "Melbourne", "VIC", null, -37.8136, 144.9631);
    }

    /// <summary>A town and the range of its numbers.</summary>
    private sealed record Place(
        string Country, string AreaCode, string Prefix, int Digits, string? Town, string? Region, string? PostalCode,
        double Latitude, double Longitude)
    {
        public NumberForSale Number(int line) => new(
            Prefix + line.ToString("D" + Digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            Country, Town, Region, PostalCode, Latitude, Longitude);
    }
}

/// <summary>A number that can be bought, and where it is at home.</summary>
internal sealed record NumberForSale(
    string PhoneNumber, string Country, string? Town, string? Region, string? PostalCode, double Latitude,
    double Longitude);
