using Microsoft.OpenApi;

namespace BillingPortal.Web.Description;

/// <summary>The headers of answers.</summary>
internal static class ApiHeaders
{
    public static Dictionary<string, IOpenApiHeader> Of(bool takesKey)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
        {
            ["RateLimit-Policy"] = Text("How many requests (q) in so many seconds (w).", "\"minute\";q=6000;w=60"),
            ["RateLimit"] = Text("What is left (r), and the seconds until it is whole again (t).", "\"minute\";r=5998;t=29"),
        };
        if (takesKey)
        {
            headers[Idempotency.ReplayedHeader] = Text("`true`: the answer of an earlier request with this key.", "true");
        }

        return headers;
    }

    public static Dictionary<string, IOpenApiHeader> OfRefusal(int status)
    {
        var headers = Of(takesKey: false);
        if (status is StatusCodes.Status429TooManyRequests)
        {
            headers["Retry-After"] = Text("Seconds to wait.", "29");
        }

        return headers;
    }

    private static OpenApiHeader Text(string description, string example) => new()
    {
        Description = description,
        Example = example,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
