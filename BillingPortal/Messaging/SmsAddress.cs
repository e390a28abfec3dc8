using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Messaging;

/// <summary>Where lists of messages and the parts of the page stand.</summary>
internal static class SmsAddress
{
    public const string Send = "/sms?view=send";
    public const string OptOuts = "/sms?view=opt-outs";
    public const string Settings = "/sms?view=settings";

    public static string Page(SmsQuery query) => With("/sms", query);

    /// <summary>The list that begins with this message, opened.</summary>
    public static string Message(Guid messageId) => $"/sms?message={messageId}";

    public static string Csv(SmsQuery query) => With("/api/sms/messages.csv", query with { Cursor = null });

    private static string With(string path, SmsQuery query)
    {
        var parts = new Dictionary<string, string?>
        {
            ["from"] = query.From,
            ["to"] = query.To,
            ["direction"] = query.Direction,
            ["state"] = query.State,
            ["number"] = query.Number,
            ["country"] = query.Country,
            ["text"] = query.Text,
            ["cursor"] = query.Cursor,
        };
        return QueryHelpers.AddQueryString(path, parts.Where(part => !string.IsNullOrWhiteSpace(part.Value)));
    }
}
