using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>
/// Ends open holds whose time is over. A call that is still running captures its expired hold later, from what is available.
/// </summary>
public sealed class HoldExpiry(Database database, LedgerWriter ledger, TimeProvider clock)
{
    private const int HoldsPerRound = 500;
    private const int RoundsMax = 100;

    /// <summary>How many holds were ended. Safe to repeat and to run in two places at once.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        var expired = 0;
        for (var round = 0; round < RoundsMax; round++)
        {
            var due = await DueAsync(cancellationToken);
            var results = await ledger.PostAsync(due, cancellationToken);
            expired += results.Count(result => result.Outcome == PostOutcome.Posted);
            if (due.Count < HoldsPerRound)
            {
                break;
            }
        }

        return expired;
    }

    private async Task<List<Posting>> DueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Ops.CreateCommand(
            "SELECT id, tenant_id, unit FROM holds WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2");
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = HoldsPerRound });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<Posting>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var holdId = reader.GetGuid(0);
            due.Add(new Posting
            {
                TenantId = reader.GetGuid(1),
                Operation = LedgerOperation.Expire,
                Amount = Amount.Zero(Units.Parse(reader.GetString(2))!.Value),
                Kind = EntryKind.Expiry,
                Counter = CounterAccount.Expiry,
                Key = Ids.FromName("hold-expiry", holdId.ToString()),
                CauseType = "hold_expiry",
                CauseId = holdId.ToString(),
                OccurredAt = now,
                HoldId = holdId,
            });
        }

        return due;
    }
}
