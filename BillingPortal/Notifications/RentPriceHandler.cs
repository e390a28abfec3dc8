using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Pricing;

namespace BillingPortal.Notifications;

/// <summary>
/// Rent costs something else: accounts of which numbers fall due soon are judged anew by the watcher's next look. Numbers that fall
/// due later are judged when they come near. Decides and tells nothing itself.
/// </summary>
internal sealed class RentPriceHandler(Database database) : IOutboxHandler
{
    // No set of numbers makes this mark: the watcher sees that they are others.
    private const string Forget =
        "UPDATE alert_states SET rent_mark = -1 WHERE unit = $1 AND rent_mark <> 0 AND ($2::uuid IS NULL OR tenant_id = $2)";

    public string Kind => RentPriceChanged.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var change = message.Read<RentPriceChanged>();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var forget = unit.Command(Forget, change.Plan.ToCode(), change.TenantId);
        forget.Parameters[1].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }
}
