using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Events;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>One call while it is executed: its parameters, the world it may change, the time and who asks.</summary>
internal sealed record StripeCall
{
    public required Form Form { get; init; }

    public required Change Change { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required EventLog Events { get; init; }

    /// <summary>The call's id; null when the sandbox acts by itself.</summary>
    public string? RequestId { get; init; }

    public string Id { get; init; } = "";

    public string? IdempotencyKey { get; init; }

    public bool IsPublishable { get; init; }

    /// <summary>Where this sandbox was reached, for the addresses in its answers.</summary>
    public string BaseUrl { get; init; } = "";

    public long Created => Now.ToUnixTimeSeconds();

    /// <summary>The object named in the path; 404 when there is none.</summary>
    public T Find<T>(string what)
        where T : class, IRecord => Change.Find<T>(Id) ?? throw StripeError.NoSuch(what, Id);

    /// <summary>The object named by a parameter; 400 when there is none.</summary>
    public T Find<T>(string what, string id, string param)
        where T : class, IRecord => Change.Find<T>(id) ?? throw StripeError.NoSuch(what, id, param);

    public void Emit(string type, IRecord subject, JsonObject? previous = null) =>
        Events.Add(this, type, subject, previous);

    /// <summary>Refuses a publishable key that does not also know the object's client secret.</summary>
    public void CheckClientSecret(string secret, string what)
    {
        if (!IsPublishable && !Form.Has("client_secret"))
        {
            return;
        }

        if (Form.Required("client_secret") != secret)
        {
            throw StripeError.Invalid(
                $"The client_secret provided does not match the client_secret associated with the {what}.",
                "client_secret", "payment_intent_invalid_parameter");
        }
    }
}

/// <summary>What an endpoint answers, as JSON.</summary>
internal delegate JsonNode StripeHandler(StripeCall call);
