using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;
using BillingPortal.Ledger;

namespace BillingPortal.Faults.Checks;

/// <summary>The ledger's own full audit: sums, sequences, holds, debts, one entry per key; nothing negative.</summary>
internal sealed class BooksCheck : ICheck
{
    public string Invariant => "the books prove themselves (full audit), nothing is negative";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        var report = await new LedgerAudit(world.Books, TimeProvider.System).RunAsync(full: true);
        var negative = await world.ReadAsync(
            "SELECT tenant_id, unit FROM accounts WHERE balance_e4 < 0 OR held_e4 < 0 OR held_e4 > balance_e4 OR debt_e4 < 0",
            row => $"account {row.GetGuid(0)} {row.GetString(1)} is negative");
        var doubled = await world.ReadAsync(
            "SELECT tenant_id, idempotency_key, count(*) FROM entries GROUP BY 1, 2 HAVING count(*) > 1",
            row => $"key {row.GetGuid(1)} of tenant {row.GetGuid(0)} stands {row.GetInt64(2)} times in entries");
        return (report.Entries,
            [.. report.Violations.Select(one => $"tenant {one.TenantId} {one.Unit}: {one.Rule}: {one.Detail}"), .. negative, .. doubled]);
    }
}
