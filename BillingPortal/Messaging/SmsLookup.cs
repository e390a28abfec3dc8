using BillingPortal.Data;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>What the provider's list shows of a message whose answer was lost.</summary>
/// <param name="IsAmbiguous">A twin of ours is still under way: what was found may be the twin's. Look again.</param>
public sealed record SmsTrace(SmsReport? Report, bool IsAmbiguous);

/// <summary>
/// Finds a message in the provider's list by what was asked for: it has no id of ours. Each of the provider's messages
/// belongs to one of ours, so those with an owner are left out. Changes nothing.
/// </summary>
public sealed class SmsLookup(Database database, TwilioClient twilio, MessagingOptions options, TimeProvider clock)
{
    // The provider's clock and ours; its times are in whole seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public async Task<SmsTrace> FindAsync(SmsMessage message, CancellationToken cancellationToken = default)
    {
        var until = message.CreatedAt + options.LookUpAfter + Skew;
        var listed = await twilio.ListMessagesAsync(
            message.From, message.To, message.CreatedAt - Skew, cancellationToken);
        var alike = listed.Where(report => report.CreatedAt <= until && IsSame(report.Body, message.Body))
            .OrderBy(report => report.CreatedAt).ToList();
        if (alike.Count == 0)
        {
            return new SmsTrace(null, IsAmbiguous: false);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var sids = alike.ConvertAll(report => report.Sid);
        var owned = await unit.Db.Set<SmsMessage>().Where(row => sids.Contains(row.ProviderSid!))
            .Select(row => row.ProviderSid).ToListAsync(cancellationToken);
        if (alike.FirstOrDefault(report => !owned.Contains(report.Sid)) is not { } free)
        {
            return new SmsTrace(null, IsAmbiguous: false);
        }

        return await HasTwinUnderWayAsync(unit, message, cancellationToken)
            ? new SmsTrace(null, IsAmbiguous: true)
            : new SmsTrace(free, IsAmbiguous: false);
    }

    // Its own answer tells it which of the provider's messages it is.
    private Task<bool> HasTwinUnderWayAsync(UnitOfWork unit, SmsMessage message, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - options.LookUpAfter;
        return unit.Db.Set<SmsMessage>().AnyAsync(
            row => row.TenantId == message.TenantId && row.Id != message.Id && row.State == SmsState.Recorded
                && row.CreatedAt > since && row.Number == message.Number && row.Peer == message.Peer
                && row.Body == message.Body,
            cancellationToken);
    }

    // The provider cuts blanks at the ends.
    private static bool IsSame(string listed, string ours) => listed.AsSpan().Trim().SequenceEqual(ours.AsSpan().Trim());
}
