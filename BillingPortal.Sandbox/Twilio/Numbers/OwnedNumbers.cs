using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Numbers;

/// <summary><c>/IncomingPhoneNumbers</c>: buy, list, change and release.</summary>
internal static class OwnedNumbers
{
    // Twilio's test credentials: one number that is always taken, one that is none.
    private const string MagicTaken = "+15005550000";
    private const string MagicInvalid = "+15005550001";

    public static void MapOwnedNumbers(this TwilioRoutes routes)
    {
        routes.Post("/IncomingPhoneNumbers.json", Buy);
        routes.Get("/IncomingPhoneNumbers.json", List);
        routes.Get("/IncomingPhoneNumbers/{sid}.json", call => new TwilioAnswer(200, View(Find(call))));
        routes.Post("/IncomingPhoneNumbers/{sid}.json", Change);
        routes.Delete("/IncomingPhoneNumbers/{sid}.json", Release);
    }

    private static TwilioAnswer Buy(TwilioCall call)
    {
        var phoneNumber = call.Filled("PhoneNumber") is { } wanted ? Named(call, wanted) : FirstOf(call);
        var number = new OwnedNumber
        {
            Id = TwilioIds.New("PN"),
            PhoneNumber = phoneNumber,
            FriendlyName = E164.Friendly(phoneNumber),
            IsForSms = Stock.IsForSms(phoneNumber),
            CreatedAt = call.Now,
            UpdatedAt = call.Now,
        };
        return new TwilioAnswer(201, View(OwnedNumber.Take(call.Change, WithSettings(call, number))));
    }

    private static string Named(TwilioCall call, string text)
    {
        var number = E164.Normalize(text);
        if (number is null or MagicInvalid)
        {
            throw TwilioError.Refused(21421, $"PhoneNumber {text} is invalid");
        }

        var isFree = number != MagicTaken && Stock.Has(number) && OwnedNumber.Find(call.Change, number) is null;
        return isFree ? number : throw TwilioError.Refused(21422, $"{number} is not available.");
    }

    private static string FirstOf(TwilioCall call)
    {
        var area = call.Filled("AreaCode")
            ?? throw TwilioError.Refused(21421, "Specify PhoneNumber or AreaCode");
        return Stock.Of("US", area)!.FirstOrDefault(one => OwnedNumber.Find(call.Change, one.PhoneNumber) is null)
            ?.PhoneNumber
            ?? throw TwilioError.Refused(21452, $"No phone numbers found in area code {area}");
    }

    private static TwilioAnswer List(TwilioCall call)
    {
        var wanted = call.Asked("PhoneNumber") is { } text
            ? E164.Normalize(text) ?? text.Replace("*", "", StringComparison.Ordinal)
            : null;
        return TwilioPage.Of<OwnedNumber>(
            call, "incoming_phone_numbers",
            one => !one.IsReleased
                && (wanted is null || one.PhoneNumber.Contains(wanted, StringComparison.Ordinal)),
            View);
    }

    private static TwilioAnswer Change(TwilioCall call) => new(
        200, View(call.Change.Put(WithSettings(call, Find(call)) with { UpdatedAt = call.Now })));

    private static TwilioAnswer Release(TwilioCall call)
    {
        OwnedNumber.Release(call.Change, Find(call), call.Now);
        return new TwilioAnswer(204, null);
    }

    private static OwnedNumber Find(TwilioCall call) =>
        call.Find<OwnedNumber>() is { IsReleased: false } number ? number : throw TwilioError.NotFound(call.Path);

    private static OwnedNumber WithSettings(TwilioCall call, OwnedNumber before) => before with
    {
        FriendlyName = call.Filled("FriendlyName") ?? before.FriendlyName,
        SmsUrl = Url(call, "SmsUrl", before.SmsUrl),
        SmsFallbackUrl = Url(call, "SmsFallbackUrl", before.SmsFallbackUrl),
        VoiceUrl = Url(call, "VoiceUrl", before.VoiceUrl),
        VoiceFallbackUrl = Url(call, "VoiceFallbackUrl", before.VoiceFallbackUrl),
        StatusCallback = Url(call, "StatusCallback", before.StatusCallback),
    };

    /// <summary>Empty clears it.</summary>
    private static string Url(TwilioCall call, string name, string before) => call.Text(name) switch
    {
        null => before,
        "" => "",
        var url when WebAddress.IsOne(url) => url,
        _ => throw TwilioError.Refused(21402, $"{name} is not a valid URL"),
    };

    private static JsonObject View(OwnedNumber number) => new()
    {
        ["account_sid"] = SandboxOptions.TwilioAccountSid,
        ["address_requirements"] = "none",
        ["address_sid"] = null,
        ["api_version"] = TwilioIds.Version,
        ["beta"] = false,
        ["bundle_sid"] = null,
        ["capabilities"] = new JsonObject
        {
            ["fax"] = false,
            ["mms"] = number.IsForSms,
            ["sms"] = number.IsForSms,
            ["voice"] = true,
        },
        ["date_created"] = TwilioIds.Date(number.CreatedAt),
        ["date_updated"] = TwilioIds.Date(number.UpdatedAt),
        ["emergency_status"] = "Inactive",
        ["friendly_name"] = number.FriendlyName,
        ["identity_sid"] = null,
        ["origin"] = "twilio",
        ["phone_number"] = number.PhoneNumber,
        ["sid"] = number.Id,
        ["sms_application_sid"] = "",
        ["sms_fallback_method"] = "POST",
        ["sms_fallback_url"] = number.SmsFallbackUrl,
        ["sms_method"] = "POST",
        ["sms_url"] = number.SmsUrl,
        ["status"] = "in-use",
        ["status_callback"] = number.StatusCallback,
        ["status_callback_method"] = "POST",
        ["trunk_sid"] = null,
        ["uri"] = $"{TwilioIds.Account}/IncomingPhoneNumbers/{number.Id}.json",
        ["voice_application_sid"] = null,
        ["voice_caller_id_lookup"] = false,
        ["voice_fallback_method"] = "POST",
        ["voice_fallback_url"] = number.VoiceFallbackUrl,
        ["voice_method"] = "POST",
        ["voice_url"] = number.VoiceUrl,
    };
}
