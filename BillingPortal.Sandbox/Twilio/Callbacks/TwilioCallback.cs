using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>One request of Twilio's to an address it was given: a status, an incoming message or a call.</summary>
internal sealed record TwilioCallback : IWebhookMessage
{
    /// <summary>Also its idempotency token: the same on every attempt.</summary>
    public required string Id { get; init; }

    public required string Type { get; init; }

    /// <summary>As it was given, fragment included.</summary>
    public required string Url { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>The message or call it speaks of; its callbacks leave one after the other.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }

    string IWebhookMessage.Provider => WebhookMessages.Twilio;

    string? IWebhookMessage.Line => Subject;

    string? IWebhookMessage.Address => Url;

    /// <summary>For people to read.</summary>
    public JsonObject ToJson()
    {
        var parameters = Parameters.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value)));
        return new JsonObject { ["url"] = Url, ["parameters"] = new JsonObject(parameters) };
    }

    public string Render()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Parameters)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=')
                .Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }
}
