using BillingPortal.Tests.Support;
using BillingPortal.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Web;

/// <summary>Read from the route table: what changes something either takes an Idempotency-Key or says here why it needs none.</summary>
public sealed class IdempotencyCoverageTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly Dictionary<string, string> WithoutKey = new(StringComparer.Ordinal)
    {
        ["POST /api/stripe/payment-methods"] = "no money: choosing twice chooses the same card, saving the same set-up saves one card",
        ["DELETE /api/stripe/payment-methods"] = "no money: removed is removed",
        ["POST /api/notifications/balance-check"] = "no money: saving twice saves the same settings",
        ["POST /api/billing/monthly"] = "no tenant's caller; the settlement of a month is posted under the month's own key",
        ["POST /api/stripe/webhooks"] = "the event's id is the key",
        ["POST /api/stripe/webhook"] = "the event's id is the key",
        ["POST /api/credits/webhook"] = "the event's id is the key",
        ["POST /api/webhooks/twilio/sms"] = "the message's SID is the key",
        ["POST /api/webhooks/twilio/status"] = "the message's SID and status are the key",
        ["POST /api/webhooks/twilio/voice"] = "the call's SID is the key",
        ["POST /api/webhooks/resend"] = "the delivery's svix-id is the key",
    };

    [Fact]
    public void Every_change_takes_a_key_or_has_its_reason()
    {
        var silent = from change in Changes()
                     where !change.TakesKey && !WithoutKey.ContainsKey(change.Address)
                     select change.Address;

        Assert.Empty(silent);
    }

    [Fact]
    public void No_reason_is_given_for_what_takes_a_key_or_is_not_there()
    {
        var known = Changes().Where(change => !change.TakesKey).Select(change => change.Address);

        Assert.Empty(WithoutKey.Keys.Except(known));
    }

    private IEnumerable<(string Address, bool TakesKey)> Changes() =>
        from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path.StartsWith("/api/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method is "POST" or "PUT" or "PATCH" or "DELETE"
        select ($"{method} {path}", endpoint.Metadata.GetMetadata<Idempotency.IdempotentMark>() is not null);
}
