using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks;

/// <summary>The mail of this room: an endpoint was disabled by itself. Written with the commit that it tells of.</summary>
public sealed class EndpointMails(Mailer mailer, IOptions<AppOptions> app)
{
    internal void Disabled(UnitOfWork unit, WebhookEndpoint endpoint)
    {
        var host = new Uri(endpoint.Url).Host;
        var why = endpoint.DisabledReason is DisableReason.Gone
            ? "It answered 410 Gone, which means that it does not want to be called any more."
            : $"Nothing that we sent has arrived since {endpoint.FailingSince:d MMMM yyyy, HH:mm} UTC.";
        mailer.Enqueue<EndpointDisabledMail>(
            unit, endpoint.TenantId, MailKinds.WebhookDisabled, $"Webhook endpoint at {host} was disabled",
            new Dictionary<string, object?>
            {
                [nameof(EndpointDisabledMail.Host)] = host,
                [nameof(EndpointDisabledMail.Description)] = endpoint.Description,
                [nameof(EndpointDisabledMail.Why)] = why,
                [nameof(EndpointDisabledMail.Link)] = app.Value.Link(Path(endpoint.Id)).ToString(),
            },
            key: Key(endpoint), text: why, link: Path(endpoint.Id));
    }

    /// <summary>Somebody enabled it again, or took it away.</summary>
    internal void Over(UnitOfWork unit, WebhookEndpoint endpoint)
    {
        if (endpoint.DisabledAt is not null)
        {
            mailer.End(unit, endpoint.TenantId, MailKinds.WebhookDisabled, Key(endpoint));
        }
    }

    internal static string Path(Guid endpointId) => $"/webhooks/{endpointId}";

    // In milliseconds: the database keeps no finer than microseconds, and the key is asked for again by what it kept.
    private static string Key(WebhookEndpoint endpoint) =>
        $"webhook-disabled:{endpoint.Id}:{endpoint.DisabledAt!.Value.ToUnixTimeMilliseconds()}";
}
