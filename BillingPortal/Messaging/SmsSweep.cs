using BillingPortal.Data;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>What one run of the sweep has done.</summary>
/// <param name="Found">Sends without an answer that the provider does have, and messages that have moved on.</param>
/// <param name="NotSent">Sends without an answer that the provider never had: released.</param>
/// <param name="Failed">Could not be looked up; tried again.</param>
public sealed record SmsSweepReport(int Looked, int Found, int NotSent, int Failed);

/// <summary>
/// Asks the provider about messages whose answer was lost, whose process died, or whose end never was reported. It only
/// looks: nothing is ever sent a second time.
/// </summary>
public sealed partial class SmsSweep(
    Database database, TwilioClient twilio, SmsSettlement settlement, SmsLookup lookup, MessagingOptions options,
    TimeProvider clock, ILogger<SmsSweep> logger)
{
    private const int BatchSize = 50;
    private const int AtATime = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAgainMax = TimeSpan.FromHours(24);

    /// <summary>Looks at what is due, the longest due first. Safe to run in two places at once.</summary>
    public async Task<SmsSweepReport> RunAsync(int most, CancellationToken cancellationToken = default)
    {
        var ends = new System.Collections.Concurrent.ConcurrentBag<LookEnd>();
        for (var left = most; left > 0; left -= BatchSize)
        {
            var due = await ClaimAsync(Math.Min(left, BatchSize), cancellationToken);
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
                async (message, token) => ends.Add(await LookAsync(message, token)));
            if (due.Count < BatchSize)
            {
                break;
            }
        }

        return new SmsSweepReport(
            ends.Count, ends.Count(end => end is LookEnd.Found), ends.Count(end => end is LookEnd.NotSent),
            ends.Count(end => end is LookEnd.Failed));
    }

    // The lease keeps other processes away; after a crash it runs out.
    private async Task<List<SmsMessage>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var due = await unit.Db.Set<SmsMessage>().FromSql(
            $"""
            SELECT * FROM sms_messages WHERE check_at <= {now} ORDER BY check_at, id LIMIT {most} FOR UPDATE SKIP LOCKED
            """).ToListAsync(cancellationToken);
        foreach (var message in due)
        {
            message.CheckAt = now + Lease;
        }

        await unit.CommitAsync(cancellationToken);
        return due;
    }

    // One message in trouble does not stop the others; its lease brings it back.
    private async Task<LookEnd> LookAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var end = message.ProviderSid is { } sid
                ? await WriteTakenAsync(message, await twilio.FindMessageAsync(sid, cancellationToken), cancellationToken)
                : await WriteLostAsync(message, await lookup.FindAsync(message, cancellationToken), cancellationToken);
            SmsMetrics.LookedUp(TextCodes.Of(end));
            return end;
        }
        // A twin may have taken the same message of the provider a moment earlier: look again.
        catch (Exception exception) when (exception is ProviderException or DbUpdateException)
        {
            LogFailed(logger, message.Id, Faults.Describe(exception is DbUpdateException ? exception.GetBaseException() : exception));
            RunFaults.Note(message.TenantId, $"SMS {message.Id}", exception.GetBaseException());
            await PostponeAsync(message.Id, cancellationToken);
            return LookEnd.Failed;
        }
    }

    private async Task<LookEnd> WriteLostAsync(SmsMessage seen, SmsTrace trace, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await SmsSettlement.LockAsync(unit, seen.Id, cancellationToken) is not { } message
            || message.ProviderSid is not null || message.State.IsFinal())
        {
            return LookEnd.Found; // a callback or the send itself was faster
        }

        var now = clock.GetUtcNow();
        var end = LookEnd.Nothing;
        message.Looks++;
        if (trace.Report is { } report)
        {
            await settlement.ProgressAsync(unit, message, SmsProgress.Of(report), cancellationToken);
            end = LookEnd.Found;
        }
        else if (!trace.IsAmbiguous && message.Looks >= options.LooksMin && now >= message.CreatedAt + options.GiveUpAfter)
        {
            await settlement.RefuseAsync(unit, message, code: null, cancellationToken);
            end = LookEnd.NotSent;
        }
        else
        {
            await settlement.DoubtAsync(unit, message, cancellationToken);
            message.CheckAt = now + LookAgain;
        }

        await unit.CommitAsync(cancellationToken);
        LogLooked(logger, message.Id, message.State, message.Looks);
        return end;
    }

    private async Task<LookEnd> WriteTakenAsync(SmsMessage seen, SmsReport? report, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await SmsSettlement.LockAsync(unit, seen.Id, cancellationToken) is not { } message || message.State.IsFinal())
        {
            return LookEnd.Found;
        }

        var looks = message.Looks + 1;
        var moved = report is not null
            && await settlement.ProgressAsync(unit, message, SmsProgress.Of(report), cancellationToken);
        if (!message.State.IsFinal())
        {
            var now = clock.GetUtcNow();
            var wait = options.StaleAfter * Math.Pow(2, Math.Min(looks, 10));
            message.Looks = looks;
            message.CheckAt = now - message.CreatedAt >= TimeSpan.FromDays(options.ReportDaysMax)
                ? null
                : now + (wait < LookAgainMax ? wait : LookAgainMax);
        }

        await unit.CommitAsync(cancellationToken);
        return moved ? LookEnd.Found : LookEnd.Nothing;
    }

    private async Task PostponeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await SmsSettlement.LockAsync(unit, id, cancellationToken) is { CheckAt: not null } message)
        {
            message.CheckAt = clock.GetUtcNow() + LookAgain;
            await unit.CommitAsync(cancellationToken);
        }
    }

    private enum LookEnd
    {
        Found = 1,
        NotSent,
        Nothing,
        Failed,
    }

    [LoggerMessage(LogLevel.Information, "Message {MessageId} without an answer looked up: {State} after {Looks} looks")]
    private static partial void LogLooked(ILogger logger, Guid messageId, SmsState state, int looks);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} could not be looked up: {Reason}")]
    private static partial void LogFailed(ILogger logger, Guid messageId, string reason);
}
