using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>Outbox: the webhook addresses of a number are to follow its state.</summary>
internal sealed record NumberAddresses(Guid NumberId)
{
    public const string MessageKind = "phone_number.addresses";
}

/// <summary>Outbox: suspended numbers of an account may be covered now.</summary>
internal sealed record SuspendedToRetry(Guid TenantId, Unit Account)
{
    public const string MessageKind = "phone_number.retry";
}
