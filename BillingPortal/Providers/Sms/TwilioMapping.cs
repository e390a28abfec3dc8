using System.Text.Json;

namespace BillingPortal.Providers.Sms;

/// <summary>From Twilio's shapes to our records. Pure.</summary>
internal static class TwilioMapping
{
    public static SmsReport ToMessage(JsonElement json) => new(
        json.Required("sid"),
        // A word that we do not know is no news: a message that exists was at least accepted.
        SmsStatuses.Parse(json.Text("status")) ?? SmsStatus.Accepted,
        json.Text("from") ?? "", json.Text("to") ?? "", json.Text("body") ?? "",
        json.Int("num_segments") is { } segments and > 0 ? segments : null,
        Price(json), json.Int("error_code"),
        json.Time("date_created") ?? throw new JsonException("The field date_created is missing."),
        json.Time("date_sent"));

    public static NumberForSale ToNumberForSale(JsonElement json) => new(
        json.Required("phone_number"), json.Text("friendly_name") ?? json.Required("phone_number"),
        json.Text("locality"), json.Text("region"), json.Text("iso_country") ?? "", ToCapabilities(json));

    public static OwnedNumber ToNumber(JsonElement json) => new(
        json.Required("sid"), json.Required("phone_number"),
        json.Text("friendly_name") ?? json.Required("phone_number"), json.Address("sms_url"),
        json.Address("status_callback"), ToCapabilities(json), json.Time("date_created") ?? default);

    public static CallReport ToCall(JsonElement json) => new(
        json.Required("sid"),
        CallStatuses.Parse(json.Text("status")) ?? throw new JsonException("The call's status is unknown."),
        json.Text("from") ?? "", json.Text("to") ?? "", json.Text("direction") ?? "", json.Int("duration"),
        Price(json), json.Time("start_time"), json.Time("end_time"));

    public static TwilioRefusal ToRefusal(TwilioAnswer answer) =>
        new(answer.ErrorCode, answer.Body?.Text("message") ?? answer.Code, KindOf(answer.ErrorCode));

    // Numbers as in providers.md, Twilio's error dictionary.
    private static RefusalKind KindOf(int code) => code switch
    {
        21211 or 21217 or 21604 or 21612 or 21614 or 21635 => RefusalKind.InvalidTo,
        21408 or 21608 => RefusalKind.NotPermitted,
        21610 => RefusalKind.OptedOut,
        21212 or 21603 or 21606 => RefusalKind.InvalidFrom,
        21617 => RefusalKind.TooLong,
        21611 => RefusalKind.QueueFull,
        21422 => RefusalKind.NotAvailable,
        _ => RefusalKind.Other,
    };

    private static NumberCapabilities ToCapabilities(JsonElement json) =>
        new(json.Capability("sms"), json.Capability("voice"), json.Capability("mms"));

    // Twilio writes a charge as a negative number.
    private static decimal? Price(JsonElement json) =>
        json.Number("price") is { } price && (json.Text("price_unit") ?? "USD") is "USD" or "usd"
            ? Math.Abs(price)
            : null;
}
