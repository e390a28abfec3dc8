using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BillingPortal.Sandbox.Resend;

/// <summary>Reads and checks one email of a send call.</summary>
internal static partial class EmailRequest
{
    private const int RecipientsMax = 50;
    private const int TagLengthMax = 256;

    public static Email Read(JsonNode? json, DateTimeOffset now)
    {
        if (json is not JsonObject body)
        {
            throw ResendError.Invalid("The request body must be a JSON object.");
        }

        var from = Text(body, "from") ?? throw ResendError.Missing("from");
        if (!IsAddress(from))
        {
            throw new ResendError(422, "invalid_from_address",
                "Invalid `from` field. The email address needs to follow the `email@example.com` or "
                + "`Name <email@example.com>` format.");
        }

        var to = List(body, "to");
        if (to.Count == 0)
        {
            throw ResendError.Missing("to");
        }

        var subject = Text(body, "subject") ?? throw ResendError.Missing("subject");
        var html = Text(body, "html");
        var text = Text(body, "text");
        if (html is null && text is null)
        {
            throw ResendError.Missing("html` or `text");
        }

        return new Email
        {
            Id = Guid.CreateVersion7().ToString(),
            From = from,
            To = to,
            Cc = List(body, "cc"),
            Bcc = List(body, "bcc"),
            ReplyTo = List(body, "reply_to"),
            Subject = subject,
            Html = html,
            Text = text,
            CreatedAt = now,
            ScheduledAt = Text(body, "scheduled_at"),
            LastEvent = TestAddress.EventFor(to, isScheduled: body["scheduled_at"] is not null),
            Tags = Tags(body),
            Headers = body["headers"] is JsonObject headers
                ? headers.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "")
                : new Dictionary<string, string>(),
            Attachments = Attachments(body),
        };
    }

    private static List<string> List(JsonObject body, string name)
    {
        List<string> values = body[name] switch
        {
            null => [],
            JsonArray many => [.. many.Select(one => one?.ToString() ?? "")],
            var one => [one.ToString()],
        };
        if (values.Count > RecipientsMax)
        {
            throw ResendError.Invalid($"The `{name}` field can have up to {RecipientsMax} addresses.");
        }

        return values.Find(value => !IsAddress(value)) is null
            ? values
            : throw ResendError.Invalid(
                $"Invalid `{name}` field. The email address needs to follow the `email@example.com` or "
                + "`Name <email@example.com>` format.");
    }

    private static List<EmailTag> Tags(JsonObject body)
    {
        var tags = (body["tags"] as JsonArray ?? [])
            .Select(tag => new EmailTag(tag?["name"]?.ToString() ?? "", tag?["value"]?.ToString() ?? "")).ToList();
        return tags.TrueForAll(tag => IsTag(tag.Name) && IsTag(tag.Value))
            ? tags
            : throw ResendError.Invalid(
                "Tags should only contain ASCII letters, numbers, underscores, or dashes, up to 256 characters.");
    }

    private static List<string> Attachments(JsonObject body) => (body["attachments"] as JsonArray ?? [])
        .Select(one => $"{one?["filename"]} ({(one?["content"]?.ToString().Length ?? 0) * 3 / 4} bytes)").ToList();

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private static bool IsTag(string text) => text.Length <= TagLengthMax && TagPattern().IsMatch(text);

    private static bool IsAddress(string text) => AddressPattern().IsMatch(text);

    [GeneratedRegex(@"^([^<>]*<[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)$")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex TagPattern();
}
