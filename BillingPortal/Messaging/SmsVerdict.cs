using System.Globalization;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Messaging;

/// <summary>What came of asking the provider: it has the message, it refuses it, or the call failed.</summary>
internal sealed record SmsVerdict(SmsReport? Message, TwilioRefusal? Refusal, ProviderException? Fault)
{
    /// <summary>The provider's number of a fault, where it has one.</summary>
    public int? FaultCode => int.TryParse(Fault?.Code, CultureInfo.InvariantCulture, out var code) ? code : null;
}
