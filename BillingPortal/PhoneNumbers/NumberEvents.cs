using BillingPortal.Data;
using BillingPortal.TenantWebhooks.Events;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// What a tenant's own programs are told of its numbers, written with the commit that it tells of: one event per number
/// and period.
/// </summary>
public sealed class NumberEvents(TenantEvents events)
{
    internal void Suspended(UnitOfWork unit, IEnumerable<RentAsk> asks, DateTimeOffset retryAt)
    {
        foreach (var ask in asks)
        {
            events.Publish(
                unit, ask.Number.TenantId, TenantEvent.NumberSuspended,
                new NumberSuspendedData(ask.Number.Id, ask.Number.Number, ask.Amount, retryAt), Key(ask));
        }
    }

    internal void Resumed(UnitOfWork unit, IEnumerable<RentAsk> asks)
    {
        foreach (var ask in asks)
        {
            events.Publish(
                unit, ask.Number.TenantId, TenantEvent.NumberResumed,
                new NumberResumedData(ask.Number.Id, ask.Number.Number, ask.Amount, ask.Period.End), Key(ask));
        }
    }

    private static string Key(RentAsk ask) => $"{ask.Number.Id}:{ask.Period.Start.UtcDateTime:yyyyMMdd}";
}
