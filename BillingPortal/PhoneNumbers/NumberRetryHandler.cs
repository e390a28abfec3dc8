using BillingPortal.Outbox;

namespace BillingPortal.PhoneNumbers;

/// <summary>Suspended numbers that a top-up could not look at itself.</summary>
internal sealed class NumberRetryHandler(RentService rents) : IOutboxHandler
{
    public string Kind => SuspendedToRetry.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var retry = message.Read<SuspendedToRetry>();
        await rents.RetryAsync(retry.TenantId, retry.Account, cancellationToken);
    }
}
