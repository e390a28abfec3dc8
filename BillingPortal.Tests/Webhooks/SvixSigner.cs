using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Signs as Svix does for Resend, and as somebody does who pretends to be Resend.</summary>
internal static class SvixSigner
{
    public const string Secret = "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=";
    public const string NewSecret = "whsec_cm9sbGVkLXNlY3JldA==";
    public const string Path = "/api/webhooks/resend";

    /// <summary>The three headers, with one signature per secret.</summary>
    public static Dictionary<string, string> Headers(string id, DateTimeOffset at, byte[] body, params string[] secrets)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new()
        {
            ["svix-id"] = id,
            ["svix-timestamp"] = seconds,
            ["svix-signature"] = string.Join(' ', secrets.Select(secret => Sign(id, seconds, body, secret))),
        };
    }

    public static string Sign(string id, string seconds, byte[] body, string secret) =>
        SignWith(Convert.FromBase64String(secret["whsec_".Length..]), id, seconds, body);

    public static string SignWith(byte[] key, string id, string seconds, byte[] body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body]));

    public static string Event(string type, string emailId = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794", string more = "") =>
        $$"""
        {"type":"{{type}}","created_at":"2026-11-20T12:00:00.000Z","data":{"email_id":"{{emailId}}",
         "from":"billing@portal.example","to":["a@b.example"],"subject":"Žluť 😀","tags":{"kind":"receipt"}{{more}} } }
        """;
}
