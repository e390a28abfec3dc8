using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Messaging;

/// <summary>
/// Takes the provider's word about sent messages: forward only, in any order, as often as it comes, also before the
/// send's own answer is written. What comes too late is noted in the timeline and changes nothing.
/// </summary>
public sealed partial class SmsStatusService(Database database, SmsSettlement settlement, ILogger<SmsStatusService> logger)
{
    public async Task<SmsNewsOutcome> ApplyAsync(SmsStatusNews news, CancellationToken cancellationToken = default)
    {
        if (SmsStatePolicy.Of(news.Status) is not { } state)
        {
            return SmsNewsOutcome.UnknownMessage;
        }

        try
        {
            return await WriteAsync(news, state, cancellationToken);
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The sweep gave this message of the provider to a twin of ours meanwhile: then the news is about the twin.
            return await WriteAsync(news, state, cancellationToken);
        }
    }

    private async Task<SmsNewsOutcome> WriteAsync(SmsStatusNews news, SmsState state, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await LockAsync(unit, news, cancellationToken) is not { } message)
        {
            LogUnknown(logger, news.Sid);
            return SmsNewsOutcome.UnknownMessage;
        }

        var moved = await settlement.ProgressAsync(
            unit, message, new SmsProgress(news.Sid, state, Segments: null, news.ErrorCode), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return moved ? SmsNewsOutcome.Moved : SmsNewsOutcome.Noted;
    }

    // By the provider's id; by ours only while the message has none, because its answer was lost or is on its way.
    private static async Task<SmsMessage?> LockAsync(
        UnitOfWork unit, SmsStatusNews news, CancellationToken cancellationToken)
    {
        var known = await unit.Db.Set<SmsMessage>()
            .FromSql($"SELECT * FROM sms_messages WHERE provider_sid = {news.Sid} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (known is not null || news.MessageId is not { } id)
        {
            return known is { Direction: SmsDirection.Outbound } ? known : null;
        }

        // Between the two looks the send may have written its answer.
        return await SmsSettlement.LockAsync(unit, id, cancellationToken) is { } message
            && (message.ProviderSid is null || message.ProviderSid == news.Sid) ? message : null;
    }

    [LoggerMessage(LogLevel.Information, "The provider reports on message {Sid}, which is not ours")]
    private static partial void LogUnknown(ILogger logger, string sid);
}
