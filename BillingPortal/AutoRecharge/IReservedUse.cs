namespace BillingPortal.AutoRecharge;

/// <summary>
/// Where usage stands that is reserved with a month instead of debited. Implemented by the room that settles months, which
/// this room does not know; without it there is none.
/// </summary>
public interface IReservedUse
{
    /// <summary>The reservations, settled or not, that may hold usage of this time.</summary>
    IReadOnlyList<Guid> HoldsOf(Guid tenantId, DateTimeOffset from, DateTimeOffset until);
}
