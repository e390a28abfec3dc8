namespace BillingPortal.Outbox;

/// <summary>
/// Does what a kind of message asks for. Called at least once per message, perhaps twice at the same time: it must be
/// safe to repeat. Several handlers of one kind all run, and all run again when one of them failed.
/// </summary>
public interface IOutboxHandler
{
    string Kind { get; }

    Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken);
}
