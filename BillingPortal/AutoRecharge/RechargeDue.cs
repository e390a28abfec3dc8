using BillingPortal.Data;
using BillingPortal.Ledger;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Whom the sweep looks at: tenants that crossed their threshold and are below it still. It costs what crossed since the last sweep and
/// what is below, never what there is of tenants. Evaluates nobody.
/// </summary>
public sealed class RechargeDue(Database database, RechargeRequests requests, TimeProvider clock)
{
    internal const string Take =
        """
        UPDATE recharge_rules SET swept_at = $1
        WHERE tenant_id IN (
          SELECT r.tenant_id FROM recharge_requests q
          JOIN recharge_rules r ON r.tenant_id = q.tenant_id AND r.enabled
          JOIN accounts a ON a.tenant_id = r.tenant_id AND a.unit = r.unit
          WHERE q.is_below AND a.balance_e4 - a.held_e4 < r.threshold_e4
          ORDER BY r.swept_at NULLS FIRST, r.tenant_id LIMIT $2)
        RETURNING tenant_id
        """;

    /// <summary>
    /// Those first that were not looked at for longest; each is noted as looked at. Two commits, because nobody may wait for a rule
    /// while holding requests: who evaluates takes them the other way round.
    /// </summary>
    public async Task<IReadOnlyList<Guid>> TakeAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        await using (var above = await database.BeginOpsAsync(cancellationToken))
        {
            await requests.ForgetAboveAsync(above, cancellationToken);
            await above.CommitAsync(cancellationToken);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(Take, clock.GetUtcNow(), tenantsMax);
        var tenants = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tenants.Add(reader.GetGuid(0));
            }
        }

        await unit.CommitAsync(cancellationToken);
        return tenants;
    }
}
