using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>
/// Automatic replies: messages like any other, but handed to the provider in the answer of its own webhook. Their price
/// is held; the provider's report, or the sweep, captures or releases it.
/// </summary>
public sealed class SmsReplies(SmsAddresses addresses, MessagingOptions options, TimeProvider clock)
{
    internal InboundReply Of(SmsMessage reply) => new(reply.Id, reply.Body, addresses.StatusOf(reply.Id));

    /// <summary>The reply that this inbound message got at first.</summary>
    internal async Task<InboundReply?> AgainAsync(UnitOfWork unit, Guid inboundId, CancellationToken cancellationToken) =>
        await unit.Db.Set<SmsMessage>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.ReplyToId == inboundId, cancellationToken) is { } reply ? Of(reply) : null;

    /// <summary>The reply to be held and added; null when none is set, wanted or possible.</summary>
    internal async Task<SmsMessage?> DraftAsync(
        UnitOfWork unit, SmsMessage inbound, Amount price, CancellationToken cancellationToken)
    {
        var settings = await unit.Db.Set<SmsSettings>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == inbound.TenantId, cancellationToken);
        if (settings?.AutoReply is not { } text || E164.Normalize(inbound.Peer) is not { } peer || peer != inbound.Peer
            || await SmsAdmission.IsOptedOutAsync(unit, inbound.TenantId, inbound.Number, peer, cancellationToken))
        {
            return null;
        }

        // Two machines that answer each other come to an end at the limit.
        var now = clock.GetUtcNow();
        var most = settings.PerMinuteMax ?? options.PerMinuteMax;
        return await SmsRates.TakeAsync(unit, inbound.TenantId, most, now, cancellationToken) is null
            ? SmsRecords.Outbound(
                inbound.TenantId, inbound.Number, peer, text, price, now, now + options.LookUpAfter, requestKey: null, inbound.Id)
            : null;
    }
}
