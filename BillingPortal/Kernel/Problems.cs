using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Kernel;

/// <summary>RFC 9457 problem details with a stable <c>code</c>. The only place that knows HTTP status codes of refusals.</summary>
public static class Problems
{
    /// <summary>400: the request is malformed; <paramref name="detail"/> says what to change.</summary>
    public static ProblemHttpResult Invalid(string code, string detail, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status400BadRequest, code, "The request is not valid", detail, more);

    public static ProblemHttpResult Unauthorized(string code, string detail) =>
        Problem(StatusCodes.Status401Unauthorized, code, "Not signed in", detail);

    /// <summary>402: the balance does not cover it; nothing was changed.</summary>
    public static ProblemHttpResult PaymentRequired(string code, string detail, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status402PaymentRequired, code, "Not enough balance", detail, more);

    public static ProblemHttpResult Forbidden(string code, string detail, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status403Forbidden, code, "Not allowed", detail, more);

    public static ProblemHttpResult NotFound(string code, string? detail = null) =>
        Problem(StatusCodes.Status404NotFound, code, "Not found", detail);

    public static ProblemHttpResult Conflict(
        string code, string? detail = null, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status409Conflict, code, "In conflict with what is recorded", detail, more);

    public static ProblemHttpResult TooMany(string code, string detail) =>
        Problem(StatusCodes.Status429TooManyRequests, code, "Too many requests", detail);

    /// <summary>502: a provider failed or gave no clear answer; <paramref name="detail"/> says whether to try again.</summary>
    public static ProblemHttpResult Provider(string code, string detail, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status502BadGateway, code, "The provider did not answer as expected", detail, more);

    public static ProblemHttpResult Unavailable(string code, string detail, IDictionary<string, object?>? more = null) =>
        Problem(StatusCodes.Status503ServiceUnavailable, code, "Temporarily not available", detail, more);

    private static ProblemHttpResult Problem(
        int status, string code, string title, string? detail, IDictionary<string, object?>? more = null)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        foreach (var (name, value) in more ?? new Dictionary<string, object?>())
        {
            extensions[name] = value;
        }

        return TypedResults.Problem(detail, statusCode: status, title: title, extensions: extensions);
    }
}
