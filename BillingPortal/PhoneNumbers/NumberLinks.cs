using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.PhoneNumbers;

/// <summary>Where Twilio reports messages and calls of a number in service.</summary>
public sealed class NumberLinks(IOptions<AppOptions> app)
{
    public Uri Sms => app.Value.Link("/api/webhooks/twilio/sms");

    public Uri Voice => app.Value.Link("/api/webhooks/twilio/voice");
}
