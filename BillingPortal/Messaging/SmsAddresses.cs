using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Messaging;

/// <summary>Where the provider is to report; our own id travels along, for the case that its answer is lost.</summary>
public sealed class SmsAddresses(IOptions<AppOptions> app)
{
    public Uri StatusOf(Guid messageId) => app.Value.Link($"/api/webhooks/twilio/status?message={messageId}");
}
