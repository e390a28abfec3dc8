using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>
/// Every acknowledged end of a hold is its end in the books, with the acknowledged amount; what was not there became debt, which the
/// audit proves.
/// </summary>
internal sealed class HoldCheck : ICheck
{
    public string Invariant => "every acknowledged capture and release in the books once";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        var holds = (await world.ReadAsync(
            """
            SELECT h.id, h.state, coalesce(-e.amount_e4, 0) FROM holds h
            LEFT JOIN entries e ON e.tenant_id = h.tenant_id AND e.idempotency_key = h.ended_by_key
            """,
            row => (Id: row.GetGuid(0), State: row.GetString(1), Captured: row.GetInt64(2)))).ToDictionary(hold => hold.Id);
        var violations = register.Holds.Where(ended => !holds.TryGetValue(ended.HoldId, out var hold)
                || hold.State != ended.State || hold.Captured != (long)(ended.Captured * 10_000))
            .Select(ended => $"hold {ended.HoldId} of {ended.TenantId}: acknowledged as {ended.State} with {ended.Captured} credits, is "
                + (holds.TryGetValue(ended.HoldId, out var hold) ? $"{hold.State} with {hold.Captured} e4" : "unknown"));
        return (register.Holds.Count, [.. violations]);
    }
}
