using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Sandbox.Resend;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Events;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>Per provider: where its messages are kept, where they go, and how they are signed.</summary>
internal static class WebhookMessages
{
    public const string Stripe = "stripe";
    public const string Resend = "resend";

    public static IWebhookMessage? Find(Change change, WebhookDelivery delivery) => delivery.Provider switch
    {
        Stripe => change.Find<StripeEvent>(delivery.MessageId),
        Resend => change.Find<ResendEvent>(delivery.MessageId),
        _ => null,
    };

    public static Uri Address(string portalUrl, IWebhookMessage message) => new(
        portalUrl.TrimEnd('/') + (message.Provider == Stripe ? "/api/stripe/webhooks" : "/api/webhooks/resend"));

    public static void Sign(HttpRequestMessage request, IWebhookMessage message, string body, long unixSeconds)
    {
        if (message.Provider == Stripe)
        {
            request.Headers.UserAgent.ParseAdd("Stripe/1.0");
            request.Headers.TryAddWithoutValidation("Stripe-Signature", StripeSignature(body, unixSeconds));
            return;
        }

        var seconds = unixSeconds.ToString(CultureInfo.InvariantCulture);
        request.Headers.UserAgent.ParseAdd("Svix-Webhooks/1.0");
        request.Headers.TryAddWithoutValidation("svix-id", message.Id);
        request.Headers.TryAddWithoutValidation("svix-timestamp", seconds);
        request.Headers.TryAddWithoutValidation("svix-signature", SvixSignature(message.Id, seconds, body));
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
