using System.Diagnostics;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Usage;

/// <summary>Where a tenant's account stands for the replay.</summary>
/// <param name="Below">Under this available amount auto-recharge acts; null while it is off.</param>
/// <param name="IsPending">A recharge was asked for and is not decided, or its charge is under way.</param>
internal sealed record ReplayState(Amount Available, Amount? Below, bool IsPending)
{
    public bool IsBelow => Below is { } below && Available < below;
}

/// <summary>
/// Lets recharges finish while the replay stands still. Works the pending ones itself, beside a running portal as well as without one:
/// the lease and the rule's lock see to it that each is evaluated by one of them.
/// </summary>
public sealed class ReplayRecharges(Database database, RechargeDrain drain, AutoRechargeService recharges)
{
    private const int SweptMax = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    internal async Task<IReadOnlyDictionary<Guid, ReplayState>> StatesAsync(
        IReadOnlyCollection<TenantUsage> usages, CancellationToken cancellationToken)
    {
        var plans = usages.DistinctBy(usage => usage.TenantId).ToList();
        await using var command = database.Ops.CreateCommand(
            """
            SELECT a.tenant_id, a.unit, a.balance_e4 - a.held_e4, a.recharge_below_e4,
                   coalesce(r.done_version < r.version, false)
                   OR EXISTS (SELECT FROM recharge_attempts t
                              WHERE t.tenant_id = a.tenant_id AND t.state IN ('recorded', 'charging', 'unknown'))
            FROM unnest($1, $2) AS p (tenant_id, unit)
            JOIN accounts a ON a.tenant_id = p.tenant_id AND a.unit = p.unit
            LEFT JOIN recharge_requests r ON r.tenant_id = a.tenant_id
            """);
        command.Parameters.Add(new() { Value = plans.ConvertAll(plan => plan.TenantId) });
        command.Parameters.Add(new() { Value = plans.ConvertAll(plan => plan.Plan.ToCode()) });
        var states = new Dictionary<Guid, ReplayState>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var unit = Units.Parse(reader.GetString(1))!.Value;
            states[reader.GetGuid(0)] = new ReplayState(
                new Amount(reader.GetInt64(2), unit), reader.IsDBNull(3) ? null : new Amount(reader.GetInt64(3), unit),
                reader.GetBoolean(4));
        }

        return states;
    }

    /// <summary>Returns when nothing is pending for these tenants, with where they stand then.</summary>
    /// <exception cref="TimeoutException">A recharge has not come to an end for minutes.</exception>
    internal async Task<IReadOnlyDictionary<Guid, ReplayState>> FinishAsync(
        IReadOnlyCollection<TenantUsage> usages, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var states = await StatesAsync(usages, cancellationToken);
            if (!states.Values.Any(state => state.IsPending))
            {
                return states;
            }

            if (await drain.DrainAsync(cancellationToken) == 0)
            {
                await Task.Delay(BetweenLooks, cancellationToken);
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException("A recharge has not come to an end for three minutes.");
            }
        }
    }

    /// <summary>What the portal does every quarter of an hour.</summary>
    internal Task SweepAsync(CancellationToken cancellationToken) => recharges.SweepAsync(SweptMax, cancellationToken);
}
