using BillingPortal.Providers.Payments;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>Clients and answers for tests of the Stripe client.</summary>
internal static class StripeBuilder
{
    public static StripeClient Client(Uri apiBase, TimeProvider? time = null, double timeoutSeconds = 80) =>
        new(new StripeTransport(
            Options.Create(new StripeOptions
            {
                SecretKey = "sk_test_sandbox",
                ApiBase = apiBase,
                TimeoutSeconds = timeoutSeconds,
            }),
            time ?? TimeProvider.System, NullLogger<StripeClient>.Instance));

    public static string Intent(string status = "succeeded", string extra = "") =>
        $$"""
        {"id":"pi_1","object":"payment_intent","amount":650,"amount_received":650,"currency":"usd","customer":"cus_1",
         "payment_method":"pm_1","client_secret":"pi_1_secret_x","metadata":{"purchase":"p1"},"livemode":false,
         "created":1790000000,"latest_charge":"ch_1","status":"{{status}}"{{extra}} }
        """;

    public static string Refused(string code, string? declineCode = null, string? adviceCode = null)
    {
        string Field(string name, string? value) => value is null ? "" : $",\"{name}\":\"{value}\"";
        var error = $"\"type\":\"card_error\",\"code\":\"{code}\",\"message\":\"Your card was declined.\""
            + Field("decline_code", declineCode) + Field("advice_code",
                adviceCode) + ",\"payment_method\":{\"id\":\"pm_1\"}";
        var intent = Intent("requires_payment_method", $",\"last_payment_error\":{{{error}}}");
        return $"{{\"error\":{{{error},\"payment_intent\":{intent}}}}}";
    }
}
