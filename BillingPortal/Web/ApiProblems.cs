using System.Text.Json;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Web;

/// <summary>The problems that no endpoint writes itself: malformed requests, unknown addresses, failures.</summary>
internal static class ApiProblems
{
    /// <summary>Names the place in the JSON where reading stopped, never the text that stood there.</summary>
    public static ProblemHttpResult ForBadRequest(BadHttpRequestException exception) =>
        (exception.StatusCode, exception.InnerException) switch
        {
            (StatusCodes.Status408RequestTimeout, _) => Of(
                exception.StatusCode, "request_too_slow", "The body came too slowly. Send it again."),
            (StatusCodes.Status413PayloadTooLarge, _) => Of(
                exception.StatusCode, "request_too_large", "The body is larger than this server accepts."),
            (StatusCodes.Status415UnsupportedMediaType, _) => Of(
                exception.StatusCode, "unsupported_media_type", "Send the body as application/json."),
            (_, JsonException json) => Problems.Invalid("malformed_json", Describe(json), Place(json)),
            _ => Problems.Invalid("invalid_request", Plain(exception.Message)),
        };

    public static ProblemHttpResult ForFailure(string reference) => Of(
        StatusCodes.Status500InternalServerError, "internal_error",
        $"Something went wrong on our side. Repeat the request with the same Idempotency-Key, or give support the reference {reference}.",
        reference);

    public static ProblemHttpResult ForStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(status, "not_found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Of(
            status, "method_not_allowed", "This address does not take this method; see /docs/api."),
        StatusCodes.Status408RequestTimeout => Of(status, "request_too_slow", "The body came too slowly. Send it again."),
        StatusCodes.Status413PayloadTooLarge => Of(
            status, "request_too_large", "The body is larger than this server accepts."),
        StatusCodes.Status415UnsupportedMediaType => Of(
            status, "unsupported_media_type", "Send the body as application/json."),
        StatusCodes.Status401Unauthorized => Of(
            status, "unauthorized", "Send a session cookie or 'Authorization: Bearer <api key>'."),
        StatusCodes.Status403Forbidden => Of(status, "forbidden", "That is not allowed with this session or key."),
        _ => Of(status, $"status_{status}", "The request was not accepted."),
    };

    private static ProblemHttpResult Of(int status, string code, string detail, string? reference = null)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        if (reference is not null)
        {
            extensions["referenceId"] = reference;
        }

        return TypedResults.Problem(detail, statusCode: status, title: Title(status), extensions: extensions);
    }

    private static string Describe(JsonException json)
    {
        var path = string.IsNullOrEmpty(json.Path) ? "$" : json.Path;
        return json.LineNumber is { } line
            ? $"The JSON cannot be read at {path} (line {line + 1}, byte {json.BytePositionInLine + 1})."
            : $"The JSON does not fit at {path}: {Plain(json.Message)}";
    }

    private static Dictionary<string, object?> Place(JsonException json) =>
        new() { ["path"] = string.IsNullOrEmpty(json.Path) ? "$" : json.Path };

    // ASP.NET Core's own messages name types of this program and repeat what was sent; callers know parameters only.
    private static string Plain(string message) => message switch
    {
        _ when message.StartsWith("Required parameter", StringComparison.Ordinal) => $"{ParameterIn(message)} is missing.",
        _ when message.StartsWith("Failed to bind parameter", StringComparison.Ordinal) =>
            $"{ParameterIn(message)} cannot be read.",
        _ when message.StartsWith("JSON deserialization for type", StringComparison.Ordinal) =>
            "a required property is missing.",
        _ => "The request cannot be read.",
    };

    // «Required parameter "int count" was not provided …»: the name is the quotation's last word.
    private static string ParameterIn(string message) => message.Split('"') is [_, var quoted, ..] ? quoted.Split(' ')[^1] : "A value";

    private static string Title(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Not signed in",
        StatusCodes.Status403Forbidden => "Not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status408RequestTimeout => "Request too slow",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status413PayloadTooLarge => "Request too large",
        StatusCodes.Status415UnsupportedMediaType => "Unsupported media type",
        StatusCodes.Status500InternalServerError => "Internal error",
        _ => "Not accepted",
    };
}
