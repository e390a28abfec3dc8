using System.Globalization;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>A message as Twilio shows it.</summary>
internal static class MessageView
{
    public static JsonObject Of(SmsMessage message)
    {
        var uri = $"{TwilioIds.Account}/Messages/{message.Id}";
        return new JsonObject
        {
            ["account_sid"] = SandboxOptions.TwilioAccountSid,
            ["api_version"] = TwilioIds.Version,
            ["body"] = message.Body,
            ["date_created"] = TwilioIds.Date(message.CreatedAt),
            ["date_sent"] = TwilioIds.Date(message.SentAt),
            ["date_updated"] = TwilioIds.Date(message.UpdatedAt),
            ["direction"] = message.Direction,
            ["error_code"] = message.ErrorCode,
            ["error_message"] = ErrorText(message.ErrorCode),
            ["from"] = message.From,
            ["messaging_service_sid"] = null,
            ["num_media"] = message.Media.ToString(CultureInfo.InvariantCulture),
            ["num_segments"] = message.Segments.ToString(CultureInfo.InvariantCulture),
            ["price"] = message.Price?.ToString("0.00000", CultureInfo.InvariantCulture),
            ["price_unit"] = "USD",
            ["sid"] = message.Id,
            ["status"] = message.Status,
            ["subresource_uris"] = new JsonObject { ["media"] = uri + "/Media.json" },
            ["to"] = message.To,
            ["uri"] = uri + ".json",
        };
    }

    public static string? ErrorText(int? code) => code switch
    {
        null => null,
        30003 => "Unreachable destination handset",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        30008 => "Unknown error",
        30034 => "US A2P 10DLC - Message from an Unregistered Number",
        _ => "Message was not delivered",
    };
}
