using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Settlement;

/// <summary>
/// A room that gives the price of reserved usage back when it turns out to have been for nothing. It posts that as an entry
/// of its own, at once; the reservation stays as it is, so that a month is always settled as it was rated.
/// </summary>
public interface IGivenBack
{
    /// <summary>What was given back of what is part of these reservations.</summary>
    Task<Amount> SumAsync(UnitOfWork unit, Guid[] reservationIds, CancellationToken cancellationToken);
}
