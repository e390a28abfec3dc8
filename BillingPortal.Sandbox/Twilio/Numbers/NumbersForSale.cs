using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Numbers;

/// <summary><c>/AvailablePhoneNumbers/{country}/Local</c>: the stock without what is sold.</summary>
internal static class NumbersForSale
{
    private const string Keypad = "22233344455566677778889999";

    public static void MapNumbersForSale(this TwilioRoutes routes) =>
        routes.Get("/AvailablePhoneNumbers/{country}/Local.json", Search);

    private static TwilioAnswer Search(TwilioCall call)
    {
        var country = call.Country.ToUpperInvariant();
        var stock = Stock.Of(country, call.Asked("AreaCode")) ?? throw TwilioError.NotFound(call.Path);
        var contains = Pattern(call.Asked("Contains"));
        var found = stock
            .Where(one => OwnedNumber.Find(call.Change, one.PhoneNumber) is null)
            .Where(one => contains is null || contains.IsMatch(one.PhoneNumber))
            .Where(one => call.Asked("SmsEnabled") is not { } sms || IsTrue(sms) == Stock.IsForSms(one.PhoneNumber))
            .Where(_ => call.Asked("VoiceEnabled") is not { } voice || IsTrue(voice))
            .Where(one => call.Asked("InLocality") is not { } town
                || town.Equals(one.Town, StringComparison.OrdinalIgnoreCase))
            .Where(one => call.Asked("InRegion") is not { } region
                || region.Equals(one.Region, StringComparison.OrdinalIgnoreCase))
            .Take(TwilioPage.Size(call));
        return new TwilioAnswer(200, new JsonObject
        {
            ["available_phone_numbers"] = new JsonArray([.. found.Select(View)]),
            ["uri"] = call.Path,
        });
    }

    private static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Digits, letters as on a keypad, and a star for any digit.</summary>
    private static Regex? Pattern(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var pattern = text.ToUpperInvariant().Select(one => one switch
        {
            '*' => "[0-9]",
            >= 'A' and <= 'Z' => Keypad[one - 'A'].ToString(),
            '+' or (>= '0' and <= '9') => Regex.Escape(one.ToString()),
            _ => throw TwilioError.Refused(21451, $"Parameter 'Contains' is not valid: {text}"),
        });
        return new Regex(string.Concat(pattern), RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static JsonObject View(NumberForSale one) => new()
    {
        ["address_requirements"] = "none",
        ["beta"] = false,
        ["capabilities"] = new JsonObject
        {
            ["MMS"] = one.Country is "US" or "CA",
            ["SMS"] = Stock.IsForSms(one.PhoneNumber),
            ["fax"] = false,
            ["voice"] = true,
        },
        ["friendly_name"] = E164.Friendly(one.PhoneNumber),
        ["iso_country"] = one.Country,
        ["lata"] = null,
        ["latitude"] = one.Latitude.ToString("0.000000", CultureInfo.InvariantCulture),
        ["locality"] = one.Town,
        ["longitude"] = one.Longitude.ToString("0.000000", CultureInfo.InvariantCulture),
        ["phone_number"] = one.PhoneNumber,
        ["postal_code"] = one.PostalCode,
        ["rate_center"] = one.Town?.ToUpperInvariant(),
        ["region"] = one.Region,
    };
}
