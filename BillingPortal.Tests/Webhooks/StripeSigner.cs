using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Signs as Stripe does, and as somebody does who pretends to be Stripe.</summary>
internal static class StripeSigner
{
    public const string Secret = "whsec_sandbox_stripe";
    public const string NewSecret = "whsec_rolled";

    public static string Header(string body, DateTimeOffset at, params string[] secrets)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signatures = secrets.Select(secret => "v1=" + Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"))));
        return $"t={seconds},{string.Join(',', signatures)},v0=00";
    }

    public static string Event(
        string id, string type = "product.created", string objectId = "prod_1", bool liveMode = false) =>
        $$"""
        {"id":"{{id}}","object":"event","api_version":"2026-10-28.endive","created":1790000000,"type":"{{type}}",
         "livemode":{{(liveMode ? "true" : "false")}},"data":{"object":{"id":"{{objectId}}","object":"x"} } }
        """;
}
