using System.Globalization;
using System.Text.Json.Nodes;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>A refusal as Twilio words it; whatever the call had begun is undone.</summary>
internal sealed class TwilioError(int status, int code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public int Code { get; } = code;

    public JsonObject ToJson() => new()
    {
        ["code"] = Code,
        ["message"] = Message,
        ["more_info"] = string.Create(CultureInfo.InvariantCulture, $"https://www.twilio.com/docs/errors/{Code}"),
        ["status"] = Status,
    };

    public static TwilioError Refused(int code, string message) => new(400, code, message);

    public static TwilioError NotFound(string path) =>
        new(404, 20404, $"The requested resource {path} was not found");

    public static TwilioError Unauthorized() => new(401, 20003, "Authenticate");

    public static TwilioError TooManyRequests() => new(429, 20429, "Too Many Requests");

    public static TwilioError Internal() =>
        new(500, 20500, "Internal Server Error. The sandbox was asked to answer so.");
}
