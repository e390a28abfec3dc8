using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Brings the webhook addresses at Twilio to where the number's state wants them: cleared while it is suspended, set while
/// it is in service. Safe to repeat and to run twice at once.
/// </summary>
internal sealed class NumberAddressHandler(Database database, TwilioClient twilio, NumberLinks links) : IOutboxHandler
{
    private const int TurnsMax = 5;

    public string Kind => NumberAddresses.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var id = message.Read<NumberAddresses>().NumberId;
        var wanted = await FindAsync(id, cancellationToken);
        for (var turns = 0; wanted is { ProviderSid: { } sid } && turns < TurnsMax; turns++)
        {
            var isOn = wanted.State is PhoneNumberState.Active;
            if (!isOn && wanted.State is not PhoneNumberState.Suspended)
            {
                return;
            }

            await twilio.SetNumberUrlsAsync(sid, isOn ? links.Sms : null, isOn ? links.Voice : null, cancellationToken);

            // The state may have turned while we called, and the message that says so been faster than this call.
            var now = await FindAsync(id, cancellationToken);
            if (now?.State == wanted.State)
            {
                return;
            }

            wanted = now;
        }
    }

    private async Task<PhoneNumber?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<PhoneNumber>().AsNoTracking()
            .SingleOrDefaultAsync(number => number.Id == id, cancellationToken);
    }
}
