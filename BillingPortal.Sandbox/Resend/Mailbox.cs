using System.Globalization;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Resend;

/// <summary>Keeps what was sent and tells the portal what became of it.</summary>
internal sealed class Mailbox(WebhookSettings settings, WebhookOutbox outbox, SandboxTime time)
{
    public void Put(Change change, Email email)
    {
        if (Suppression.Holds(change, email.To))
        {
            email = email with { LastEvent = "suppressed" };
        }

        change.Put(email);
        if (!settings.ResendEnabled)
        {
            return;
        }

        if (email.LastEvent != "suppressed")
        {
            Tell(change, email, "sent");
        }

        Tell(change, email, email.LastEvent);
    }

    /// <summary>Changes an email's fate after the fact, as the control page may.</summary>
    public Email Happen(Change change, Email email, string lastEvent)
    {
        var after = change.Put(email with { LastEvent = lastEvent });
        if (lastEvent is "bounced" or "complained")
        {
            Suppression.Add(change, email.To, lastEvent == "bounced" ? "bounce" : "complaint");
        }

        if (settings.ResendEnabled)
        {
            Tell(change, after, lastEvent);
        }

        return after;
    }

    private void Tell(Change change, Email email, string what)
    {
        var now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var data = new JsonObject
        {
            ["email_id"] = email.Id,
            ["message_id"] = $"<{email.Id}@sandbox.resend.example>",
            ["from"] = email.From,
            ["to"] = new JsonArray([.. email.To.Select(one => JsonValue.Create(one))]),
            ["subject"] = email.Subject,
            ["created_at"] = email.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["tags"] = new JsonObject(email.Tags
                .DistinctBy(tag => tag.Name)
                .Select(tag => KeyValuePair.Create(tag.Name, (JsonNode?)JsonValue.Create(tag.Value)))),
        };
        if (what == "bounced")
        {
            data["bounce"] = new JsonObject
            {
                ["type"] = "Permanent",
                ["subType"] = "General",
                ["message"] = "The recipient's email provider sent a hard bounce message: there is no such mailbox.",
            };
        }
        else if (what == "suppressed")
        {
            data["suppressed"] = new JsonObject
            {
                ["type"] = "OnAccountSuppressionList",
                ["message"] = "The address is on the suppression list and was not written to.",
            };
        }

        var type = "email." + what;
        var payload = new JsonObject { ["type"] = type, ["created_at"] = now, ["data"] = data };
        outbox.Enqueue(
            change, new ResendEvent { Id = StripeIds.New("msg"), Type = type, Payload = payload }, settings.Take(type));
    }
}
