using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Resend;

/// <summary>A message in the mailbox; it never leaves this machine.</summary>
internal sealed record Email : IRecord
{
    public required string Id { get; init; }

    public string Object => "email";

    public required string From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    public IReadOnlyList<string> Cc { get; init; } = [];

    public IReadOnlyList<string> Bcc { get; init; } = [];

    public IReadOnlyList<string> ReplyTo { get; init; } = [];

    public required string Subject { get; init; }

    public string? Html { get; init; }

    public string? Text { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? ScheduledAt { get; init; }

    public required string LastEvent { get; init; }

    public IReadOnlyList<EmailTag> Tags { get; init; } = [];

    [SandboxOnly]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>File names of what was attached, with their size in bytes.</summary>
    [SandboxOnly]
    public IReadOnlyList<string> Attachments { get; init; } = [];
}

/// <summary>A label; a list when sending, a map in events.</summary>
internal sealed record EmailTag(string Name, string Value);

/// <summary>What became of an email, as Resend's webhook tells it.</summary>
internal sealed record ResendEvent : IWebhookMessage
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required JsonObject Payload { get; init; }

    string IWebhookMessage.Provider => WebhookMessages.Resend;

    public string Render() => Payload.ToJsonString(SandboxJson.Public);
}
