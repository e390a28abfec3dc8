using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Messaging;

/// <summary>
/// Takes what people write to the tenants' numbers: kept once per message of the provider, whatever the balance; charged
/// when it covers, else unpaid until the next top-up. Keeps the opt-out list, and answers if the tenant has set a reply.
/// </summary>
public sealed partial class InboundSmsService(
    Database database, PriceBook prices, MonthlyReservations reservations, PhoneNumberReader numbers, TenantReader tenants,
    SmsReplies replies, TimeProvider clock, ILogger<InboundSmsService> logger)
{
    /// <param name="canReply">False when nobody waits for the answer any more: then no reply is made.</param>
    public async Task<InboundResult> ReceiveAsync(
        InboundSms sms, bool canReply = true, CancellationToken cancellationToken = default)
    {
        if (E164.Normalize(sms.To) is not { } to
            || await numbers.FindOwnerAsync(to, cancellationToken) is not { } owner
            || await tenants.FindAsync(owner.TenantId, cancellationToken) is not { } tenant)
        {
            LogNobodys(logger, sms.Sid);
            return new InboundResult(InboundOutcome.UnknownNumber, null);
        }

        try
        {
            return await KeepAsync(sms with { To = to }, tenant, owner.Number, canReply, cancellationToken);
        }
        catch (DbUpdateException raced) when (raced.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return await KeepAsync(sms with { To = to }, tenant, owner.Number, canReply, cancellationToken);
        }
    }

    private async Task<InboundResult> KeepAsync(
        InboundSms sms, Tenant tenant, PhoneNumber number, bool canReply, CancellationToken cancellationToken)
    {
        var book = await prices.SnapshotAsync(cancellationToken);
        await using var unit = await database.BeginAsync(tenant.Id, cancellationToken);
        if (await unit.Db.Set<SmsMessage>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.ProviderSid == sms.Sid, cancellationToken) is { } known)
        {
            return new InboundResult(InboundOutcome.Repeated, await replies.AgainAsync(unit, known.Id, cancellationToken));
        }

        var now = clock.GetUtcNow();
        var message = SmsRecords.Inbound(sms, tenant.Id, PriceOf(book, tenant, ServiceCodes.SmsInbound, sms.ReceivedAt), now);
        unit.Db.Add(message);
        unit.Db.Add(SmsRecords.FirstStepOf(message));
        await unit.Db.SaveChangesAsync(cancellationToken);

        var keyword = await NoteAsync(unit, message, sms.OptOutType, cancellationToken);
        var isInService = number.State is PhoneNumberState.Active;
        var reply = isInService && canReply && keyword is SmsKeyword.None
            ? await replies.DraftAsync(unit, message, PriceOf(book, tenant, ServiceCodes.SmsOutbound, now), cancellationToken)
            : null;
        var hasReply = isInService && await PayAsync(unit, message, reply, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        LogReceived(logger, message.Id, message.Payment, keyword, hasReply);
        return new InboundResult(InboundOutcome.Received, hasReply ? replies.Of(reply!) : null);
    }

    // One call of the ledger: first what came in, then the reply, which is left out when it does not fit.
    private async Task<bool> PayAsync(
        UnitOfWork unit, SmsMessage message, SmsMessage? reply, CancellationToken cancellationToken)
    {
        List<Posting> postings = [];
        if (message.Payment is SmsPayment.Unpaid)
        {
            postings.Add(SmsPostings.DebitOf(message));
        }

        if (reply is { Payment: SmsPayment.Held })
        {
            postings.Add(SmsPostings.HoldOf(reply));
        }

        var results = await reservations.PostAsync(unit, postings, cancellationToken);
        if (message.Payment is SmsPayment.Unpaid && results[0].IsPosted)
        {
            message.Payment = SmsPayment.Charged;
            message.PaidBy(results[0]);
        }

        if (reply is null || (reply.Payment is SmsPayment.Held && results[^1].Outcome is not PostOutcome.Posted))
        {
            return false;
        }

        unit.Db.Add(reply);
        unit.Db.Add(SmsRecords.FirstStepOf(reply));
        return true;
    }

    private static async Task<SmsKeyword> NoteAsync(
        UnitOfWork unit, SmsMessage message, string? optOutType, CancellationToken cancellationToken)
    {
        var keyword = SmsKeywords.Read(message.Body, optOutType);
        switch (keyword)
        {
            case SmsKeyword.Stop:
                await SmsOptOutRows.AddAsync(
                    unit, message.TenantId, message.Number, message.Peer, OptOutSource.Keyword, message.CreatedAt,
                    cancellationToken);
                break;
            case SmsKeyword.Start:
                await SmsOptOutRows.RemoveAsync(
                    unit, message.TenantId, message.Number, message.Peer, onlyManual: false, cancellationToken);
                break;
            case SmsKeyword.None or SmsKeyword.Help:
                break;
        }

        return keyword;
    }

    private static Amount PriceOf(PriceSnapshot book, Tenant tenant, string service, DateTimeOffset at) =>
        book.Find(tenant.Id, tenant.Plan, service, at)?.Rate(1) ?? Amount.Zero(tenant.Plan);

    [LoggerMessage(LogLevel.Information, "Inbound message {MessageId}: {Payment}, keyword {Keyword}, reply {HasReply}")]
    private static partial void LogReceived(
        ILogger logger, Guid messageId, SmsPayment payment, SmsKeyword keyword, bool hasReply);

    [LoggerMessage(LogLevel.Warning, "Inbound message {Sid} came to a number that is no tenant's")]
    private static partial void LogNobodys(ILogger logger, string sid);
}
