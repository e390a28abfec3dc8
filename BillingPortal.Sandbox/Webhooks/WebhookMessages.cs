using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Sandbox.Resend;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Twilio.Callbacks;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>Per provider: where its messages are kept, where they go, and how they are signed.</summary>
internal static class WebhookMessages
{
    public const string Stripe = "stripe";
    public const string Resend = "resend";
    public const string Twilio = "twilio";

    public static IWebhookMessage? Find(Change change, WebhookDelivery delivery) => delivery.Provider switch
    {
        Stripe => change.Find<StripeEvent>(delivery.MessageId),
        Resend => change.Find<ResendEvent>(delivery.MessageId),
        Twilio => change.Find<TwilioCallback>(delivery.MessageId),
        _ => null,
    };

    /// <summary>The request of one attempt, signed with the sandbox's time.</summary>
    public static HttpRequestMessage Request(string portalUrl, IWebhookMessage message, long unixSeconds)
    {
        var body = message.Render();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = message.Provider == Twilio
            ? new MediaTypeHeaderValue("application/x-www-form-urlencoded")
            : new MediaTypeHeaderValue("application/json");
        content.Headers.ContentType.CharSet = "utf-8";
        var request = new HttpRequestMessage(HttpMethod.Post, Address(portalUrl, message)) { Content = content };
        switch (message.Provider)
        {
            case Stripe:
                request.Headers.UserAgent.ParseAdd("Stripe/1.0");
                request.Headers.TryAddWithoutValidation("Stripe-Signature", StripeSignature(body, unixSeconds));
                break;
            case Resend:
                SignForSvix(request, message.Id, body, unixSeconds.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                var callback = (TwilioCallback)message;
                request.Headers.UserAgent.ParseAdd("TwilioProxy/1.1");
                request.Headers.TryAddWithoutValidation("I-Twilio-Idempotency-Token", message.Id);
                request.Headers.TryAddWithoutValidation(
                    "X-Twilio-Signature", TwilioSignature.Of(callback.Url, callback.Parameters));
                break;
        }

        return request;
    }

    private static Uri Address(string portalUrl, IWebhookMessage message) => message.Address is { } own
        ? TwilioSignature.Called(own)
        : new Uri(portalUrl.TrimEnd('/')
            + (message.Provider == Stripe ? "/api/stripe/webhooks" : "/api/webhooks/resend"));

    private static void SignForSvix(HttpRequestMessage request, string id, string body, string seconds)
    {
        request.Headers.UserAgent.ParseAdd("Svix-Webhooks/1.0");
        request.Headers.TryAddWithoutValidation("svix-id", id);
        request.Headers.TryAddWithoutValidation("svix-timestamp", seconds);
        request.Headers.TryAddWithoutValidation("svix-signature", SvixSignature(id, seconds, body));
    }

    /// <summary>Stripe's key is the secret as text, prefix included.</summary>
    private static string StripeSignature(string body, long unixSeconds)
    {
        var key = Encoding.UTF8.GetBytes(SandboxOptions.StripeWebhookSecret);
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{unixSeconds}.{body}"));
        return $"t={unixSeconds},v1={Convert.ToHexStringLower(hash)}";
    }

    /// <summary>Svix's key is what stands behind the prefix, base64-decoded.</summary>
    private static string SvixSignature(string id, string seconds, string body)
    {
        var key = Convert.FromBase64String(SandboxOptions.ResendWebhookSecret["whsec_".Length..]);
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}"));
        return "v1," + Convert.ToBase64String(hash);
    }
}
