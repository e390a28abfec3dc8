using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using BillingPortal.Usage;

namespace BillingPortal.Voice;

/// <summary>
/// Takes the provider's word about calls: keeps them, and settles each once when it has ended. The same word may come
/// again, in any order and at the same time as a capture through the API.
/// </summary>
public sealed partial class VoiceCallService(
    Database database, CallOwners owners, UsageSettlement settlement, TwilioClient twilio,
    ILogger<VoiceCallService> logger)
{
    public async Task<CallOutcome> SettleAsync(CallNews news, CancellationToken cancellationToken = default)
    {
        if (await owners.FindAsync(news, cancellationToken) is not { } tenant)
        {
            LogUnknown(logger, news.CallSid);
            return CallOutcome.UnknownCall;
        }

        var seconds = await DurationAsync(news, cancellationToken);
        var charge = await NoteAsync(tenant.Id, news, seconds, cancellationToken);
        if (charge is CallCharge.Charged || !news.Status.IsEnd())
        {
            return charge is CallCharge.Charged ? CallOutcome.Charged : CallOutcome.Noted;
        }

        if (seconds is null or 0)
        {
            await settlement.ReleaseAsync(tenant.Id, ServiceCodes.Voice, news.CallSid, cancellationToken);
            await EndAsync(news, settled: null, cancellationToken);
            return CallOutcome.NotCharged;
        }

        var settled = await settlement.SettleAsync(
            tenant.Id, tenant.Plan, CallUse.Of(news, seconds.Value), cancellationToken);
        if (!settled.IsOffered)
        {
            LogNotOffered(logger, news.CallSid, tenant.Plan);
            await EndAsync(news, settled: null, cancellationToken);
            return CallOutcome.NotCharged;
        }

        await EndAsync(news, settled, CancellationToken.None); // the books have it, even if the caller has gone away
        return CallOutcome.Charged;
    }

    // Only a completed call took place. Without its duration nothing can be said: the provider is asked, or this fails.
    private async Task<int?> DurationAsync(CallNews news, CancellationToken cancellationToken)
    {
        if (news.Status is not CallStatus.Completed || news.DurationSeconds is not null)
        {
            return news.Status is CallStatus.Completed ? news.DurationSeconds : null;
        }

        var call = await twilio.FindCallAsync(news.CallSid, cancellationToken);
        return call?.DurationSeconds ?? throw new InvalidOperationException(
            $"Call {news.CallSid} is completed, but its duration is not known yet.");
    }

    // One statement: the row's lock orders what comes at the same time. A completed call outranks every other end.
    private async Task<CallCharge> NoteAsync(
        Guid tenantId, CallNews news, int? seconds, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            INSERT INTO voice_calls AS c (
              call_sid, tenant_id, from_number, to_number, direction, status, measured_seconds, charge, started_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)
            ON CONFLICT (call_sid) DO UPDATE SET
              status = CASE WHEN voice_call_rank(excluded.status) > voice_call_rank(c.status)
                       THEN excluded.status ELSE c.status END,
              measured_seconds = coalesce(c.measured_seconds, excluded.measured_seconds)
            RETURNING charge
            """,
            news.CallSid, tenantId, news.From, news.To, TextCodes.Of(news.Direction), TextCodes.Of(news.Status), seconds,
            news.OccurredAt);
        var charge = TextCodes.Parse<CallCharge>((string)(await command.ExecuteScalarAsync(cancellationToken))!);
        await unit.CommitAsync(cancellationToken);
        return charge;
    }

    // What was charged stays charged; a call that came to nothing may still turn out to have taken place.
    private async Task EndAsync(CallNews news, SettledUsage? settled, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            UPDATE voice_calls SET charge = $2, ended_at = coalesce(ended_at, $3), unit = $4, amount_e4 = $5,
              billed_seconds = $6, hold_id = $7, entry_seq = $8, reservation_id = $9
            WHERE call_sid = $1 AND charge <> 'charged'
            """,
            news.CallSid, TextCodes.Of(settled is null ? CallCharge.NotCharged : CallCharge.Charged), news.OccurredAt,
            settled?.Amount.Unit.ToCode(), settled?.Amount.E4,
            settled is null ? null : CallUse.Seconds(settled.BilledQuantity), settled?.HoldId, settled?.Seq,
            settled?.ReservationId);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Call {CallSid} is nobody's: neither its number nor a hold is known")]
    private static partial void LogUnknown(ILogger logger, string callSid);

    [LoggerMessage(LogLevel.Warning, "Call {CallSid} was not charged: the {Plan} plan has no price for calls")]
    private static partial void LogNotOffered(ILogger logger, string callSid, Unit plan);
}
