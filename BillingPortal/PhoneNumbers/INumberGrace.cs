using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Which accounts wait for a payment that has failed and whose people chose grace days for it. Implemented by
/// auto-recharge, which this room does not know; without it nothing is in grace.
/// </summary>
public interface INumberGrace
{
    /// <summary>Of these tenants those in grace, each with the account that the payment would have filled.</summary>
    Task<IReadOnlyDictionary<Guid, NumberGrace>> ReadAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> tenantIds, CancellationToken cancellationToken);
}

/// <summary>Numbers that this account pays stay in service although their rent is not covered.</summary>
/// <param name="Since">The first payment of the series that failed.</param>
/// <param name="Days">How long from then.</param>
public readonly record struct NumberGrace(Unit Account, DateTimeOffset Since, int Days)
{
    /// <summary>
    /// Until when a rent may wait: whatever new series follow, never longer than the grace days from its own due date.
    /// </summary>
    public DateTimeOffset UntilFor(DateTimeOffset dueAt) => (Since < dueAt ? Since : dueAt).AddDays(Days);
}
