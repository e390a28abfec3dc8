using System.Text.Json.Nodes;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>
/// A refusal as Stripe words it. <see cref="Executed"/> says that the endpoint had begun: what it changed stays, and
/// the answer is stored under the idempotency key. Everything else changed nothing and may be sent again.
/// </summary>
internal sealed class StripeError(int status, string type, string? code, string message, string? param = null)
    : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Code { get; } = code;

    public bool Executed { get; init; }

    /// <summary>Further members of the error object: decline_code, payment_intent and so on.</summary>
    public JsonObject More { get; init; } = [];

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = Type };
        if (Code is not null)
        {
            error["code"] = Code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
        }

        if (param is not null)
        {
            error["param"] = param;
        }

        foreach (var (name, value) in More)
        {
            error[name] = value?.DeepClone();
        }

        return new JsonObject { ["error"] = error };
    }

    public static StripeError Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", code, message, param);

    public static StripeError MissingParameter(string param) =>
        Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeError NoSuch(string what, string id, string? param = null) =>
        new(param is null ? 404 : 400, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'",
            param ?? "id");

    /// <summary>The object's state does not allow it; the request itself was sound.</summary>
    public static StripeError State(string code, string message, JsonObject? more = null) =>
        new(400, "invalid_request_error", code, message) { Executed = true, More = more ?? [] };
}
