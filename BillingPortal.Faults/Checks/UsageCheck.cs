using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;
using BillingPortal.Usage;

namespace BillingPortal.Faults.Checks;

/// <summary>
/// Every acknowledged event stands in the books once with the acknowledged amount; a refused one does not; no stranger does.
/// </summary>
internal sealed class UsageCheck : ICheck
{
    public string Invariant => "every acknowledged usage event in the books once, no refused one";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        List<string> violations = [];
        var entries = (await world.ReadAsync(
            "SELECT tenant_id, idempotency_key, amount_e4 FROM entries WHERE cause_type = 'usage_event'",
            row => (Tenant: row.GetGuid(0), Key: row.GetGuid(1), Amount: row.GetInt64(2))))
            .ToLookup(row => (row.Tenant, row.Key), row => row.Amount);
        foreach (var (name, amount) in register.Usage)
        {
            var booked = entries[(name.TenantId, KeyOf(name))].ToList();
            if (booked.Count != 1 || booked[0] != -(long)(amount * 10_000))
            {
                violations.Add($"{name.Service} {name.Reference} of {name.TenantId}: {amount} credits were acknowledged, booked are "
                    + $"[{string.Join(", ", booked)}] e4. Look at: entries with key {KeyOf(name)}");
            }
        }

        var open = register.UnclearUsage.Keys.Concat(register.Usage.Keys).Select(name => (name.TenantId, KeyOf(name))).ToHashSet();
        violations.AddRange(register.RefusedUsage.Keys.Where(name => !open.Contains((name.TenantId, KeyOf(name))))
            .Where(name => entries[(name.TenantId, KeyOf(name))].Any())
            .Select(name => $"{name.Service} {name.Reference} of {name.TenantId} was refused and is booked"));
        violations.AddRange(entries.Where(entry => !open.Contains(entry.Key))
            .Where(entry => !register.RefusedUsage.Keys.Any(name => (name.TenantId, KeyOf(name)) == entry.Key))
            .Select(entry => $"key {entry.Key.Key} of {entry.Key.Tenant} is booked as usage and was never told"));
        return (register.Usage.Count, violations);
    }

    private static Guid KeyOf(UsageName name) => RatedUsage.KeyOf(name.TenantId, name.Service, name.Reference);
}
