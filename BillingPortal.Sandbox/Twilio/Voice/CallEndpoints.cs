using System.Globalization;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Voice;

/// <summary><c>/Calls</c>: find one, list many. They are placed from the control page.</summary>
internal static class CallEndpoints
{
    public static void MapCalls(this TwilioRoutes routes)
    {
        routes.Get("/Calls.json", List);
        routes.Get("/Calls/{sid}.json", call => new TwilioAnswer(200, View(call.Find<PhoneCall>())));
    }

    private static TwilioAnswer List(TwilioCall call) => TwilioPage.Of<PhoneCall>(
        call, "calls",
        one => (call.Asked("To") is not { } to || one.To == E164.Normalize(to))
            && (call.Asked("From") is not { } from || one.From == E164.Normalize(from))
            && (call.Asked("Status") is not { } status || one.Status == status),
        View);

    private static JsonObject View(PhoneCall call) => new()
    {
        ["account_sid"] = SandboxOptions.TwilioAccountSid,
        ["annotation"] = null,
        ["answered_by"] = null,
        ["api_version"] = TwilioIds.Version,
        ["caller_name"] = null,
        ["date_created"] = TwilioIds.Date(call.CreatedAt),
        ["date_updated"] = TwilioIds.Date(call.EndedAt ?? call.AnsweredAt ?? call.CreatedAt),
        ["direction"] = call.Direction,
        ["duration"] = call.DurationSeconds?.ToString(CultureInfo.InvariantCulture),
        ["end_time"] = TwilioIds.Date(call.EndedAt),
        ["forwarded_from"] = null,
        ["from"] = call.From,
        ["from_formatted"] = E164.Friendly(call.From),
        ["group_sid"] = null,
        ["parent_call_sid"] = null,
        ["phone_number_sid"] = call.NumberSid,
        ["price"] = call.Price?.ToString("0.00000", CultureInfo.InvariantCulture),
        ["price_unit"] = "USD",
        ["queue_time"] = "0",
        ["sid"] = call.Id,
        ["start_time"] = TwilioIds.Date(call.AnsweredAt),
        ["status"] = call.Status == CallStatus.Initiated ? "queued" : call.Status,
        ["to"] = call.To,
        ["to_formatted"] = E164.Friendly(call.To),
        ["trunk_sid"] = null,
        ["uri"] = $"{TwilioIds.Account}/Calls/{call.Id}.json",
    };
}
