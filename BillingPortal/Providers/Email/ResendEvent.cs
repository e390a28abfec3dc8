using System.Text.Json;

namespace BillingPortal.Providers.Email;

/// <summary>
/// What Resend tells about an email, as far as it means something here. A type that we do not know has no fields but
/// its name.
/// </summary>
/// <param name="Type">Such as <c>email.bounced</c>.</param>
/// <param name="EmailId">The provider's id of the email.</param>
/// <param name="OurId">The id under which we sent it, from its tags.</param>
/// <param name="IsPermanent">Of a bounce: the mailbox does not exist, as opposed to being full.</param>
/// <param name="Detail">Of a bounce, a refusal or a failure: the other side's words.</param>
public sealed record ResendEvent(
    string Type, string? EmailId, Guid? OurId, DateTimeOffset? CreatedAt, bool IsPermanent, string? Detail)
{
    /// <summary>The tag under which an email carries our own id.</summary>
    internal const string IdTag = "email_id";

    private const int WordLengthMax = 200;
    private const int DetailLengthMax = 500;

    /// <summary>Null for what is no event at all.</summary>
    public static ResendEvent? Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object ? Read(json.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or half a surrogate pair in a string
        }
    }

    private static ResendEvent? Read(JsonElement root)
    {
        if (Word(root, "type") is not { } type)
        {
            return null;
        }

        var data = Part(root, "data");
        var (bounce, suppressed, failed) = (Part(data, "bounce"), Part(data, "suppressed"), Part(data, "failed"));
        return new ResendEvent(
            type, Word(data, "email_id"), Guid.TryParse(Word(Part(data, "tags"), IdTag), out var ours) ? ours : null,
            Part(root, "created_at") is { ValueKind: JsonValueKind.String } at && at.TryGetDateTimeOffset(out var time)
                ? time.ToUniversalTime() : null,
            Text(bounce, "type") == "Permanent",
            Text(bounce, "message") ?? Text(suppressed, "message") ?? Text(failed, "reason"));
    }

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var part) ? part : default;

    // An identifier: printable and short, or it is not one.
    private static string? Word(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.String } part
            && part.GetString() is { Length: > 0 and <= WordLengthMax } word && word.All(char.IsAscii)
            && !word.Any(char.IsControl)
            ? word
            : null;

    // For people: without control characters, cut where it grows too long.
    private static string? Text(JsonElement parent, string name)
    {
        if (Part(parent, name) is not { ValueKind: JsonValueKind.String } part)
        {
            return null;
        }

        var text = string.Concat(part.GetString()!.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length == 0 ? null : text.Length <= DetailLengthMax ? text : text[..DetailLengthMax] + "…";
    }
}
