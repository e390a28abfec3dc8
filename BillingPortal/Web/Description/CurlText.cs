using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BillingPortal.Web.Description;

/// <summary>A call as a person types it in a shell. What it needs stands in variables: $PORTAL, a key, ids.</summary>
internal static class CurlText
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string method, string route, ApiExample example, string? secret, bool takesKey)
    {
        var text = new StringBuilder("curl ");
        var file = example.Type == ApiExample.Pdf ? "-o file.pdf " : "";
        if (method is not "GET")
        {
            text.Append("-X ").Append(method).Append(' ');
        }

        text.Append(file).Append('"').Append("$PORTAL").Append(example.At ?? route).Append('"');
        Header(text, secret is null ? null : $"Authorization: Bearer ${secret}");
        Header(text, example is { Type: ApiExample.Csv } && !(example.At ?? route).Contains(".csv", StringComparison.Ordinal)
            ? "Accept: text/csv"
            : null);
        Header(text, takesKey ? "Idempotency-Key: $(uuidgen)" : null);
        if (example.Request is { } body)
        {
            Header(text, "Content-Type: application/json");
            text.Append(" \\\n  -d ").Append(Quoted(JsonNode.Parse(body)!.ToJsonString(OneLine)));
        }

        return text.ToString();
    }

    // A body that names a variable stands in double quotes, so that the shell fills it in.
    private static string Quoted(string body) => body.Contains('$', StringComparison.Ordinal)
        ? $"\"{body.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : $"'{body}'";

    private static void Header(StringBuilder text, string? header)
    {
        if (header is not null)
        {
            text.Append(" \\\n  -H \"").Append(header).Append('"');
        }
    }
}
