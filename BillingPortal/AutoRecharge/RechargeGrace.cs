using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Tells the phone numbers' rent who is in grace: a payment of auto-recharge has failed, none has succeeded since, and
/// the rule has grace days. It only reads; prepaid stays prepaid.
/// </summary>
internal sealed class RechargeGrace : INumberGrace
{
    public async Task<IReadOnlyDictionary<Guid, NumberGrace>> ReadAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> tenantIds, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            SELECT tenant_id, unit, failing_since, grace_days FROM recharge_rules
            WHERE tenant_id = ANY ($1) AND enabled AND grace_days > 0 AND failing_since IS NOT NULL
            """, tenantIds.ToArray());
        var graces = new Dictionary<Guid, NumberGrace>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            graces[reader.GetGuid(0)] = new NumberGrace(
                Units.Parse(reader.GetString(1))!.Value, reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt32(3));
        }

        return graces;
    }
}
