using System.Net;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Reads a call's parameters: the body of a POST, the query of everything else.</summary>
internal static class StripeRequest
{
    public static async Task<(Form Form, string Text)> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return (Parse(request.QueryString.Value?.TrimStart('?') ?? ""), "");
        }

        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (text.Length > 0
            && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true)
        {
            throw StripeError.Invalid(
                "Invalid request: send the parameters as application/x-www-form-urlencoded, not as "
                + $"{request.ContentType ?? "an unnamed type"}.");
        }

        return (Parse(text), text);
    }

    public static void RefuseUnknown(Form form, IReadOnlySet<string> known)
    {
        if (form.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw StripeError.Invalid($"Received unknown parameter: {unknown}", unknown, "parameter_unknown");
        }
    }

    private static Form Parse(string text) => Form.Of(text
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => KeyValuePair.Create(
            WebUtility.UrlDecode(pair[0]), pair.Length > 1 ? WebUtility.UrlDecode(pair[1]) : "")));
}
