using BillingPortal.AutoRecharge;

namespace BillingPortal.Settlement;

/// <summary>Tells auto-recharge which reservations hold a time's usage: those of its months, and of the month after.</summary>
internal sealed class ReservedUse : IReservedUse
{
    public IReadOnlyList<Guid> HoldsOf(Guid tenantId, DateTimeOffset from, DateTimeOffset until)
    {
        var (last, holds) = (BillingMonth.Of(until).Next, new List<Guid>());
        for (var month = BillingMonth.Of(from); month <= last; month = month.Next)
        {
            holds.Add(month.HoldIdOf(tenantId));
        }

        return holds;
    }
}
