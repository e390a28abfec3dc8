using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Benchmarks;

/// <summary>
/// What the callers send: an address that does nothing, Stripe's news about a saved card, signed, and Twilio's about a message. One call
/// of so many is a repeat.
/// </summary>
internal sealed class WebhookCalls(Uri portal, PayingTenant[] tenants, int repeatEvery)
{
    public const string Nothing = "nothing (/health/live)";
    public const string Stripe = "Stripe, signed";
    public const string Twilio = "Twilio, signed";
    public static readonly string[] Modes = [Nothing, Stripe, Twilio];

    private readonly Uri _status = new(portal, "/api/webhooks/twilio/status");
    private readonly string[] _sent = new string[1024];
    private long _calls;

    public HttpRequestMessage Next(string mode)
    {
        var call = Interlocked.Increment(ref _calls);
        var id = call % repeatEvery == 0 && _sent[call / repeatEvery % _sent.Length] is { } before ? before : $"{Ids.New():N}";
        _sent[call % _sent.Length] = id;
        return mode switch
        {
            Nothing => new HttpRequestMessage(HttpMethod.Get, new Uri(portal, "/health/live")),
            Stripe => StripeCall(id, tenants[call % tenants.Length].CardId),
            _ => TwilioCall(id),
        };
    }

    private HttpRequestMessage StripeCall(string id, string card)
    {
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        // About as long as Stripe's own.
        var body = $$"""
            {"id":"evt_{{id}}","object":"event","api_version":"2026-10-28.endive","created":{{seconds}},"type":"payment_method.updated",
            "livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},
            "data":{"object":{"id":"{{card}}","object":"payment_method","metadata":{"note":"{{new string('x', 1_200)}}"} } } }
            """;
        var signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(SandboxDefaults.StripeWebhookSecret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal, "/api/stripe/webhooks"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Stripe-Signature", $"t={seconds},v1={Convert.ToHexStringLower(signature)}");
        return request;
    }

    private HttpRequestMessage TwilioCall(string id)
    {
        (string Name, string Value)[] fields =
        [
            ("AccountSid", SandboxDefaults.TwilioAccountSid), ("MessageSid", $"SM{id}"), ("MessageStatus", "delivered"),
            ("From", "+15550001000"), ("To", "+15550002000"), ("ApiVersion", "2010-04-01"),
        ];
        var request = new HttpRequestMessage(HttpMethod.Post, _status)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("X-Twilio-Signature", TwilioSignature.Of(SandboxDefaults.TwilioAuthToken, _status.ToString(), fields));
        return request;
    }
}
