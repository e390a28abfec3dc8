using System.Text.RegularExpressions;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Contract;

/// <summary>The list of what existing clients call: each row is there, and a test of this folder calls it as written.</summary>
public sealed partial class ContractTableTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly string[] Rows =
    [
        "GET /api/credits",
        "GET /api/credits/transactions",
        "GET /api/credits/auto-recharge",
        "POST /api/credits/auto-recharge",
        "POST /api/credits/create-checkout-session",
        "POST /api/stripe/create-payment-intent",
        "GET /api/stripe/payment-methods",
        "POST /api/stripe/payment-methods",
        "DELETE /api/stripe/payment-methods",
        "GET /api/stripe/auto-recharge",
        "POST /api/stripe/auto-recharge",
        "GET /api/wallet",
        "GET /api/billing/monthly",
        "POST /api/billing/monthly",
        "POST /api/usage",
        "POST /api/usage/holds",
        "POST /api/usage/holds/{id}/capture",
        "POST /api/usage/holds/{id}/release",
        "POST /api/sms/send",
        "GET /api/sms/stats",
        "GET /api/notifications/balance-check",
        "POST /api/notifications/balance-check",
        "GET /api/cron/auto-recharge-check",
        "GET /api/cron/monthly-billing",
        "POST /api/stripe/webhooks",
        "POST /api/stripe/webhook",
        "POST /api/credits/webhook",
        "POST /api/webhooks/twilio/sms",
        "POST /api/webhooks/twilio/status",
        "POST /api/webhooks/twilio/voice",
        "POST /api/webhooks/resend",
    ];

    [Fact]
    public void Every_row_is_an_address_of_the_portal()
    {
        var addresses = from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
                        let path = endpoint.RoutePattern.RawText!.Trim('/').Replace(":guid", "", StringComparison.Ordinal)
                        select $"{method} /{path}";

        Assert.Empty(Rows.Except(addresses));
    }

    [Fact]
    public void Every_row_is_called_by_a_test_of_this_folder()
    {
        var calls = SourceTree.Files("BillingPortal.Tests/Contract", "*RowsTests.cs").SelectMany(file =>
            Call().Matches(File.ReadAllText(file)).Select(call => call.Groups[1].Value.Split('?')[0])).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Rows.Except(calls));
    }

    [GeneratedRegex("\"((?:GET|POST|DELETE) /api/[^\" ]+)\"")]
    private static partial Regex Call();
}
