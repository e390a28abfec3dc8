using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>What Stripe took and gave back is what the books say was paid and returned, purchase by purchase.</summary>
internal sealed class MoneyCheck : ICheck
{
    public string Invariant => "money at Stripe = money accounted; every paid purchase credited once";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        List<string> violations = [];
        var payments = await world.Control.PaymentsAsync();
        var booked = (await world.ReadAsync(
            """
            SELECT tenant_id, sum(price_cents)::bigint, sum(refunded_cents)::bigint, count(*) FROM purchases
            WHERE state = 'settled' AND payment_intent_id IS NOT NULL GROUP BY 1
            """,
            row => (Tenant: row.GetGuid(0), Paid: row.GetInt64(1), Refunded: row.GetInt64(2), Count: row.GetInt64(3))))
            .ToDictionary(row => row.Tenant);
        foreach (var customer in world.Customers)
        {
            var stripe = payments.FirstOrDefault(one => (string?)one!["customer"] == customer.CustomerId);
            var (taken, charges, returned) = stripe is null ? (0, 0, 0)
                : ((long)stripe["succeededAmount"]!, (long)stripe["succeededCharges"]!, (long)stripe["refundedAmount"]!);
            var ours = booked.GetValueOrDefault(customer.Id);
            if ((taken, charges, returned) != (ours.Paid, ours.Count, ours.Refunded))
            {
                violations.Add($"customer {customer.Index} ({customer.Id}, {customer.CustomerId}): Stripe took {taken} cents in {charges} "
                    + $"charges and gave back {returned}; settled here are {ours.Paid} in {ours.Count}, refunded {ours.Refunded}. "
                    + "Look at: purchases, control/payments");
            }
        }

        violations.AddRange(await world.ReadAsync(
            """
            SELECT p.id, p.tenant_id, p.state, p.credits_e4, coalesce(e.n, 0), coalesce(e.total, 0)::bigint
            FROM purchases p LEFT JOIN LATERAL (
              SELECT count(*) AS n, sum(amount_e4) AS total FROM entries e
              WHERE e.tenant_id = p.tenant_id AND e.kind = 'purchase' AND e.cause_type = 'purchase' AND e.cause_id = p.id::text) e ON true
            WHERE CASE WHEN p.state = 'settled' THEN coalesce(e.total, 0) <> p.credits_e4 OR e.n <> 1 ELSE e.n > 0 END
            """,
            row => $"purchase {row.GetGuid(0)} of {row.GetGuid(1)} is {row.GetString(2)} over {row.GetInt64(3)} e4, but {row.GetInt64(4)} "
                + $"entries credit {row.GetInt64(5)} e4"));
        var states = (await world.ReadAsync("SELECT id, state FROM purchases", row => (Id: row.GetGuid(0), State: row.GetString(1))))
            .ToDictionary(row => row.Id, row => row.State);
        violations.AddRange(register.Purchases.Values.Where(bought => states.GetValueOrDefault(bought.PurchaseId) != "settled")
            .Select(bought => $"purchase {bought.PurchaseId} of {bought.TenantId} was acknowledged and is "
                + (states.GetValueOrDefault(bought.PurchaseId) ?? "unknown")));
        return (states.Count, violations);
    }
}
