using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>What an account holds. <see cref="Available"/> is what thresholds, alert levels and refusals look at.</summary>
/// <param name="Posted">The sum of the entries.</param>
/// <param name="Held">Reserved by open holds.</param>
/// <param name="Available">Posted − held.</param>
/// <param name="Debt">Owed after a claw-back; blocks usage until a top-up has paid it.</param>
public sealed record Balance(Unit Unit, Amount Posted, Amount Held, Amount Available, Amount Debt);

/// <summary>Reads balances. It never locks: what it says may be old as soon as it is said.</summary>
public sealed class BalanceReader(Database database)
{
    public async Task<Balance> ReadAsync(Guid tenantId, Unit unit, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        return await ReadAsync(work, tenantId, unit, cancellationToken);
    }

    /// <summary>Inside the caller's transaction, so that it sees what was posted there. A tenant without the account has zero.</summary>
    public async Task<Balance> ReadAsync(UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken = default)
    {
        await using var command = work.Command(
            "SELECT balance_e4, held_e4, debt_e4 FROM accounts WHERE tenant_id = $1 AND unit = $2", tenantId, unit.ToCode());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? Of(unit, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
            : Of(unit, 0, 0, 0);
    }

    private static Balance Of(Unit unit, long posted, long held, long debt) =>
        new(unit, new Amount(posted, unit), new Amount(held, unit), new Amount(posted - held, unit), new Amount(debt, unit));
}
