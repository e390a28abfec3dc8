using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// A top-up pays numbers that wait for their rent in its own transaction, the longest waiting first: suspended ones come
/// back, those on grace days are paid from their own date. What it cannot pay stays as it is, its next try unchanged.
/// </summary>
internal sealed class NumberTopUpClaim(
    PriceBook prices, RentBook book, OutboxWriter outbox, TimeProvider clock, IOptions<PhoneNumberOptions> options)
    : ITopUpClaim
{
    public async Task<IReadOnlyList<Posting>> ProposeAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken)
    {
        var numbers = await RentRows.LockUnpaidAsync(
            unit, tenantId, account, options.Value.ResumedPerTopUp, cancellationToken);
        if (numbers.Count == 0)
        {
            return [];
        }

        // One that costs nothing, or has no price, is left to the message that follows.
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        var now = clock.GetUtcNow();
        return [.. numbers.Select(number => RentAsk.Of(number, priced, now))
            .Where(ask => ask.Amount is { IsPositive: true }).Select(ask => ask.ToPosting())];
    }

    public async Task ApplyAsync(
        UnitOfWork unit, Guid tenantId, Unit account, IReadOnlyList<(Posting Posting, PostResult Result)> own,
        CancellationToken cancellationToken)
    {
        var ids = own.Select(answered => Guid.Parse(answered.Posting.CauseId!)).ToArray();
        if (own.Any(answered => answered.Result.IsPosted))
        {
            var numbers = await unit.Db.Set<PhoneNumber>().AsNoTracking().Where(number => ids.Contains(number.Id))
                .ToDictionaryAsync(number => number.Id, cancellationToken);
            await book.PaidAsync(
                unit, [.. own.Zip(ids).Select(pair => RentAnswer.Of(
                    RentAsk.Of(numbers[pair.Second], pair.First.Posting.Amount, pair.First.Posting.OccurredAt),
                    pair.First.Result))],
                clock.GetUtcNow(), cancellationToken);
        }

        // More than one top-up takes, or not paid by a rent run since the proposal: that held the account until then and
        // did not see this top-up.
        if (await unit.Db.Set<PhoneNumber>().AnyAsync(
            number => number.TenantId == tenantId && number.Unit == account
                && (number.State == PhoneNumberState.Suspended || number.GraceUntil != null) && !ids.Contains(number.Id),
            cancellationToken))
        {
            outbox.Enqueue(unit, SuspendedToRetry.MessageKind, tenantId, new SuspendedToRetry(tenantId, account));
        }
    }
}
