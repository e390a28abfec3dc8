using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>
/// Inbound messages that the balance did not cover, paid oldest first by the next top-up in its own transaction. What
/// came to wait in that very moment, or is more than one transaction takes, follows by a message of the outbox.
/// </summary>
internal sealed class UnpaidInboundClaim(OutboxWriter outbox, MonthlyReservations reservations) : ITopUpClaim
{
    public const int MessagesMax = 500;

    public async Task<IReadOnlyList<Posting>> ProposeAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken) =>
        await reservations.ProposeAsync(
            unit, [.. (await LockAsync(unit, tenantId, account, cancellationToken)).Select(SmsPostings.DebitOf)],
            cancellationToken);

    public async Task ApplyAsync(
        UnitOfWork unit, Guid tenantId, Unit account, IReadOnlyList<(Posting Posting, PostResult Result)> own,
        CancellationToken cancellationToken)
    {
        await MarkPaidAsync(unit, own, cancellationToken);
        var isCovered = own.All(one => one.Result.Outcome is not PostOutcome.Insufficient);
        if (isCovered && await UnpaidOf(unit, tenantId, account).AnyAsync(cancellationToken))
        {
            outbox.Enqueue(unit, UnpaidInboundLeft.MessageKind, tenantId, new UnpaidInboundLeft(tenantId, account));
        }
    }

    /// <summary>The oldest of them, locked until the commit.</summary>
    public static async Task<List<SmsMessage>> LockAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken) =>
        await unit.Db.Set<SmsMessage>().FromSql(
            $"""
            SELECT * FROM sms_messages
            WHERE tenant_id = {tenantId} AND payment = 'unpaid' AND unit = {account.ToCode()} AND direction = 'inbound'
            ORDER BY created_at, id LIMIT {MessagesMax} FOR UPDATE
            """).AsNoTracking().ToListAsync(cancellationToken);

    /// <summary>Those that were posted, in one statement: the account stays locked until the commit.</summary>
    public static async Task MarkPaidAsync(
        UnitOfWork unit, IEnumerable<(Posting Posting, PostResult Result)> answered, CancellationToken cancellationToken)
    {
        var paid = answered.Where(one => one.Result.IsPosted).ToList();
        if (paid.Count == 0)
        {
            return;
        }

        await using var command = unit.Command(
            """
            UPDATE sms_messages AS m SET payment = 'charged', entry_seq = nullif(p.seq, 0),
              reservation_id = CASE p.seq WHEN 0 THEN p.hold_id END
            FROM unnest($1, $2, $3) AS p (sid, seq, hold_id) WHERE m.provider_sid = p.sid AND m.payment = 'unpaid'
            """,
            paid.Select(one => one.Posting.Reference!).ToArray(), paid.Select(one => one.Result.Seq).ToArray(),
            paid.Select(one => one.Result.HoldId).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IQueryable<SmsMessage> UnpaidOf(UnitOfWork unit, Guid tenantId, Unit account) =>
        unit.Db.Set<SmsMessage>().Where(message =>
            message.TenantId == tenantId && message.Payment == SmsPayment.Unpaid && message.Unit == account);
}

/// <summary>Says that a top-up may have left messages unpaid which it would have covered.</summary>
internal sealed record UnpaidInboundLeft(Guid TenantId, Unit Account)
{
    public const string MessageKind = "sms-unpaid-left";
}

/// <summary>Pays what a top-up left, as long as the balance covers it.</summary>
internal sealed class UnpaidInboundHandler(Database database, MonthlyReservations reservations) : IOutboxHandler
{
    private const int RoundsMax = 100;

    public string Kind => UnpaidInboundLeft.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var left = message.Read<UnpaidInboundLeft>();
        for (var round = 0; round < RoundsMax; round++)
        {
            if (!await PayAsync(left, cancellationToken))
            {
                return;
            }
        }
    }

    // True when there may be more to pay.
    private async Task<bool> PayAsync(UnpaidInboundLeft left, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var unpaid = await UnpaidInboundClaim.LockAsync(unit, left.TenantId, left.Account, cancellationToken);
        var postings = unpaid.Select(SmsPostings.DebitOf).ToList();
        var results = await reservations.PostAsync(unit, postings, cancellationToken);
        await UnpaidInboundClaim.MarkPaidAsync(unit, postings.Zip(results), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return unpaid.Count == UnpaidInboundClaim.MessagesMax && results.All(result => result.IsPosted);
    }
}
