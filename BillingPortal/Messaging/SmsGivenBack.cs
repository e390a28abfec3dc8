using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Settlement;

namespace BillingPortal.Messaging;

/// <summary>Messages of a month that did not arrive: their price came back at once, their month settles them whole.</summary>
internal sealed class SmsGivenBack : IGivenBack
{
    public async Task<Amount> SumAsync(
        UnitOfWork unit, Guid[] reservationIds, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT coalesce(sum(price_e4), 0)::bigint FROM sms_messages "
            + "WHERE payment = 'refunded' AND reservation_id IS NOT NULL AND reservation_id = ANY ($1)",
            reservationIds);
        return new Amount((long)(await command.ExecuteScalarAsync(cancellationToken))!, Unit.Usd);
    }
}
