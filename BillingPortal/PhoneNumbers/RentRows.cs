using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.PhoneNumbers;

/// <summary>Finds and locks the numbers whose rent is asked for. A lock is held until the caller's transaction ends.</summary>
public sealed class RentRows(Database database)
{
    private const string NextDue =
        """
        SELECT next_billing_date, tenant_id, id FROM phone_numbers
        WHERE state = 'active' AND next_billing_date <= $1 AND (next_billing_date, tenant_id, id) > ($2, $3, $4)
        ORDER BY next_billing_date, tenant_id, id LIMIT $5
        """;

    private const string NextRetry =
        """
        SELECT next_retry_at, tenant_id, id FROM phone_numbers
        WHERE state = 'suspended' AND next_retry_at <= $1 AND (next_retry_at, tenant_id, id) > ($2, $3, $4)
        ORDER BY next_retry_at, tenant_id, id LIMIT $5
        """;

    private const string LockDue =
        """
        SELECT * FROM phone_numbers WHERE id = ANY ({0}) AND state = 'active' AND next_billing_date <= {1}
        ORDER BY next_billing_date, tenant_id, id FOR NO KEY UPDATE SKIP LOCKED
        """;

    private const string LockRetry =
        """
        SELECT * FROM phone_numbers WHERE id = ANY ({0}) AND state = 'suspended' AND next_retry_at <= {1}
        ORDER BY next_retry_at, tenant_id, id FOR NO KEY UPDATE SKIP LOCKED
        """;

    /// <summary>The next numbers of the run's queue, unlocked; empty at its end.</summary>
    internal async Task<IReadOnlyList<(DateTimeOffset At, Guid TenantId, Guid Id)>> PageAsync(
        RentRun run, int numbersMax, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            run.Queue is RentQueue.Due ? NextDue : NextRetry,
            run.Now, run.After.At, run.After.TenantId, run.After.Id, numbersMax);
        List<(DateTimeOffset At, Guid TenantId, Guid Id)> page = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add((reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), reader.GetGuid(2)));
        }

        return page;
    }

    /// <summary>Those that are still due and that nobody else has, oldest first.</summary>
    internal static async Task<IReadOnlyList<PhoneNumber>> LockAsync(
        UnitOfWork unit, RentRun run, Guid[] ids, CancellationToken cancellationToken)
    {
        return await unit.Db.Set<PhoneNumber>().FromSqlRaw(run.Queue is RentQueue.Due ? LockDue : LockRetry, ids, run.Now)
            .AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>
    /// An account's numbers that wait for their rent, suspended or on grace days, the longest waiting first. Waits for
    /// whoever has them.
    /// </summary>
    internal static async Task<IReadOnlyList<PhoneNumber>> LockUnpaidAsync(
        UnitOfWork unit, Guid tenantId, Unit account, int numbersMax, CancellationToken cancellationToken) =>
        await unit.Db.Set<PhoneNumber>().FromSql(
            $"""
             SELECT * FROM phone_numbers
             WHERE tenant_id = {tenantId} AND unit = {account.ToCode()}
               AND (state = 'suspended' OR grace_until IS NOT NULL)
             ORDER BY coalesce(suspended_at, next_billing_date), id LIMIT {numbersMax} FOR NO KEY UPDATE
             """).AsNoTracking().ToListAsync(cancellationToken);

    /// <summary>One number of the tenant that waits for its rent.</summary>
    internal static async Task<PhoneNumber?> LockUnpaidAsync(
        UnitOfWork unit, Guid tenantId, Guid numberId, CancellationToken cancellationToken) =>
        (await unit.Db.Set<PhoneNumber>().FromSql(
            $"""
             SELECT * FROM phone_numbers WHERE id = {numberId} AND tenant_id = {tenantId}
               AND (state = 'suspended' OR grace_until IS NOT NULL) FOR NO KEY UPDATE
             """).AsNoTracking().ToListAsync(cancellationToken)).SingleOrDefault();
}
