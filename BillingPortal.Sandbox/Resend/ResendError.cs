using System.Text.Json.Nodes;

namespace BillingPortal.Sandbox.Resend;

/// <summary>A refusal as Resend words it.</summary>
internal sealed class ResendError(int status, string name, string message) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject ToJson() => new() { ["statusCode"] = Status, ["name"] = name, ["message"] = Message };

    public static ResendError Missing(string field) =>
        new(422, "missing_required_field", $"Missing `{field}` field.");

    public static ResendError Invalid(string message) => new(422, "validation_error", message);
}
