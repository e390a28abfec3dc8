using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>What a person wants refunded.</summary>
public sealed record RefundRequest(
    Guid TenantId, Guid PurchaseId, int Cents, StaffReason Reason, string TenantNote, string? InternalNote, string AttemptKey);

/// <summary>What a person wants given (positive) or taken (negative).</summary>
public sealed record AdjustmentRequest(
    Guid TenantId, Amount Change, DateTimeOffset? CreditsExpireAt, StaffReason Reason, string TenantNote,
    string? InternalNote, string AttemptKey);

/// <summary>What became of a request.</summary>
public enum RequestOutcome
{
    /// <summary>Within the limits: done, or with Stripe.</summary>
    Started = 1,

    /// <summary>A second person decides.</summary>
    AwaitsApproval,

    /// <summary>The same key and content before: the action is that one.</summary>
    Repeated,

    /// <summary>Nothing was recorded; the sentence says why.</summary>
    Refused,
}

/// <summary>A request's outcome.</summary>
/// <param name="Why">Of a refusal, for the person who asked.</param>
public sealed record RequestResult(RequestOutcome Outcome, StaffAction? Action, string? Why = null)
{
    public static RequestResult Refused(string why) => new(RequestOutcome.Refused, Action: null, why);
}

/// <summary>What refunds and adjustments have in common when they are asked for. Every call is in the caller's transaction.</summary>
internal static class StaffRequests
{
    /// <summary>Who asks, as the database knows the person; from here to the commit that person's requests come one by one.</summary>
    public static async Task<StaffPerson?> EnterAsync(UnitOfWork unit, Guid staffId, CancellationToken cancellationToken)
    {
        await using var alone = unit.Command(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"staff-limit:{staffId}");
        await alone.ExecuteNonQueryAsync(cancellationToken);
        return await StaffPerson.FindAsync(unit, staffId, cancellationToken);
    }

    /// <summary>What became of the same key before; null when it is new.</summary>
    public static async Task<RequestResult?> KnownAsync(
        UnitOfWork unit, Guid staffId, string attemptKey, Func<StaffAction, bool> isSame, CancellationToken cancellationToken)
    {
        var known = await unit.Db.Set<StaffAction>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.AttemptKey == attemptKey, cancellationToken);
        return known is null ? null
            : known.RequestedBy == staffId && isSame(known) ? new RequestResult(RequestOutcome.Repeated, known)
            : RequestResult.Refused("This form was sent before with other contents. Open it anew.");
    }

    /// <summary>What this person has moved alone today: what others approved is theirs to answer for.</summary>
    public static async Task<long> UsedTodayAsync(
        UnitOfWork unit, Guid staffId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = StaffLimitPolicy.DayOf(now);
        return await unit.Db.Set<StaffAction>()
            .Where(row => row.RequestedBy == staffId && row.RequestedAt >= since && row.RequestedAt <= now
                && !row.IsAboveLimit && !row.IsAboveDay && !row.LeavesDebt
                && (row.State == StaffActionState.Executing || row.State == StaffActionState.Done))
            .SumAsync(row => row.ValueCents, cancellationToken);
    }

    public static Task<StaffAction?> LockAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        unit.Db.Set<StaffAction>().FromSql($"SELECT * FROM staff_actions WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>On the database's clock: the lease of work that begins with this commit.</summary>
    public static async Task<DateTimeOffset> LeaseAsync(
        UnitOfWork unit, int seconds, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT clock_timestamp() + make_interval(secs => $1)", (double)seconds);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }
}
