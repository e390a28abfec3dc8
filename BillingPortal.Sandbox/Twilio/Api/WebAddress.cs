namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>Addresses that Twilio can call.</summary>
internal static class WebAddress
{
    public static bool IsOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.Host.Length > 0;
}
