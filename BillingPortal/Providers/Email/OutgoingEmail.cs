using System.Text.Json.Serialization;

namespace BillingPortal.Providers.Email;

/// <summary>
/// One email to one address, in both forms. The kind is for the provider's statistics: an ASCII word. The provider's
/// news about the email carry our id, so that they find it even when the answer to the sending was lost.
/// </summary>
public sealed record OutgoingEmail(
    string To, string Subject, string Html, string Text, string Kind, Guid? Id = null)
{
    public override string ToString() => $"Email {Kind}";
}

/// <summary>What Resend is sent.</summary>
internal sealed record ResendRequest(
    string From, string[] To, string Subject, string Html, string Text, ResendTag[] Tags);

/// <summary>A label of an email.</summary>
internal sealed record ResendTag(string Name, string Value);

/// <summary>What Resend answers: an id, or the name of a fault.</summary>
internal sealed record ResendReply(string? Id, string? Name);

/// <summary>Reads and writes Resend's JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResendRequest))]
[JsonSerializable(typeof(ResendReply))]
internal sealed partial class ResendJson : JsonSerializerContext;
