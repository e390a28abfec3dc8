using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Tests.Ledger;

/// <summary>
/// The ledger of one account in plain memory, request by request: what <c>ledger_post</c> must answer, whatever the batch.
/// </summary>
internal sealed class LedgerModel(Unit unit)
{
    private readonly Dictionary<Guid, Known> _keys = [];
    private readonly Dictionary<Guid, HeldAmount> _holds = [];
    private long _held;
    private long _debt;
    private long _seq;

    public long Balance { get; private set; }

    private long Available => Balance - _held;

    public PostResult Post(Posting posting)
    {
        if (_keys.TryGetValue(posting.Key, out var known))
        {
            var differs = IsUse(known.Posting) && IsUse(posting)
                ? known.Posting.Amount != posting.Amount
                : known.Posting.Operation != posting.Operation || known.Posting.HoldId != posting.HoldId
                    || (!EndsWhole(posting) && known.Posting.Amount != posting.Amount);
            var first = known.Result;
            var isEntry = first.Seq > 0;
            return first with
            {
                Outcome = PostOutcome.Duplicate,
                Differs = differs,
                Balance = isEntry ? first.Balance : Amount(Balance),
                Available = known.Posting.Operation == LedgerOperation.Hold && posting.Operation == LedgerOperation.Hold
                    ? first.Available
                    : Amount(Available),
                Debt = Amount(_debt),
                // Where nothing could be reserved, there is the debt alone.
                HoldId = known.Posting is { Operation: LedgerOperation.ReserveFully, FromHoldId: var own } && first.Posted.IsZero
                    ? own
                    : first.HoldId,
            };
        }

        var result = Judge(posting);
        if (result.Outcome == PostOutcome.Posted)
        {
            _keys[posting.Key] = new Known(posting, result);
        }

        return result;
    }

    private PostResult Judge(Posting posting)
    {
        var amount = posting.Amount.E4;
        var before = _seq;
        switch (posting.Operation)
        {
            case LedgerOperation.Debit:
                return amount > Available ? Refuse(PostOutcome.Insufficient) : Answer(before, Move(-amount), null);
            case LedgerOperation.Credit:
                Move(amount);
                Repay();
                return Answer(before, amount, null);
            case LedgerOperation.ClawBack:
                return Answer(before, Take(amount), null);
            case LedgerOperation.Hold when amount > Available:
                return Refuse(PostOutcome.Insufficient);
            case LedgerOperation.Hold:
                _held += amount;
                _holds[posting.HoldId!.Value] = new HeldAmount(amount) { IsOpen = true };
                return Answer(before, amount, posting.HoldId);
            case LedgerOperation.Extend:
                return Extend(posting, amount);
            case LedgerOperation.Reserve when amount <= Available:
                _holds.TryAdd(posting.HoldId!.Value, new HeldAmount(0) { IsOpen = true });
                return Extend(posting, amount);
            case LedgerOperation.Reserve:
                return Refuse(_holds.TryGetValue(posting.HoldId!.Value, out var ended) && !ended.IsOpen
                    ? PostOutcome.HoldEnded : PostOutcome.Insufficient);
            case LedgerOperation.ReserveFully:
                return ReserveFully(posting, amount);
            default:
                return End(posting, before);
        }
    }

    private PostResult ReserveFully(Posting posting, long amount)
    {
        HeldAmount? own = null;
        if (posting.FromHoldId is { } from && !_holds.TryGetValue(from, out own))
        {
            return Refuse(PostOutcome.UnknownHold);
        }

        if (own is { IsOpen: false } || (_holds.TryGetValue(posting.HoldId!.Value, out var month) && !month.IsOpen))
        {
            return Refuse(PostOutcome.HoldEnded);
        }

        if (own is not null)
        {
            own.IsOpen = false;
            _held -= own.Amount;
        }

        var taken = Math.Min(amount, Available);
        if (taken > 0)
        {
            _holds.TryAdd(posting.HoldId!.Value, new HeldAmount(0) { IsOpen = true });
            _holds[posting.HoldId.Value].Amount += taken;
            _held += taken;
        }

        _debt += amount - taken;
        Repay();
        return Answer(_seq, taken, posting.HoldId);
    }

    private PostResult Extend(Posting posting, long amount)
    {
        if (!_holds.TryGetValue(posting.HoldId!.Value, out var hold) || !hold.IsOpen)
        {
            return Refuse(hold is null ? PostOutcome.UnknownHold : PostOutcome.HoldEnded);
        }

        if (amount > Available)
        {
            return Refuse(PostOutcome.Insufficient);
        }

        _held += amount;
        hold.Amount += amount;
        return Answer(_seq, amount, posting.HoldId);
    }

    private PostResult End(Posting posting, long before)
    {
        if (!_holds.TryGetValue(posting.HoldId!.Value, out var hold))
        {
            return Refuse(PostOutcome.UnknownHold);
        }

        if (!hold.IsOpen)
        {
            return Refuse(PostOutcome.HoldEnded);
        }

        hold.IsOpen = false;
        _held -= hold.Amount;
        var isCapture = posting.Operation is LedgerOperation.Capture or LedgerOperation.Settle;
        var posted = isCapture
            ? Take(posting.Operation is LedgerOperation.Settle ? hold.Amount : posting.Amount.E4)
            : hold.Amount;
        Repay();
        return Answer(isCapture ? before : _seq, posted, posting.HoldId);
    }

    // Debited at once or reserved with a month: the same use either way.
    private static bool IsUse(Posting posting) => posting is
    { Operation: LedgerOperation.Debit or LedgerOperation.Reserve }
        or { Operation: LedgerOperation.ReserveFully, FromHoldId: null };

    private static bool EndsWhole(Posting posting) => posting.Operation is LedgerOperation.Release or LedgerOperation.Settle;

    private long Move(long amount)
    {
        Balance += amount;
        _seq++;
        return Math.Abs(amount);
    }

    private long Take(long amount)
    {
        var taken = Math.Min(amount, Available);
        if (taken > 0)
        {
            Move(-taken);
        }

        _debt += amount - taken;
        return taken;
    }

    private void Repay()
    {
        var pay = Math.Min(_debt, Available);
        if (pay > 0)
        {
            Move(-pay);
            _debt -= pay;
        }
    }

    private PostResult Answer(long before, long posted, Guid? holdId) => new(
        PostOutcome.Posted, false, Amount(Balance), Amount(Available), Amount(_debt), _seq > before ? before + 1 : 0, holdId,
        Amount(posted));

    private PostResult Refuse(PostOutcome outcome) =>
        new(outcome, false, Amount(Balance), Amount(Available), Amount(_debt), 0, null, Amount(0));

    private Amount Amount(long e4) => new(e4, unit);

    private sealed record Known(Posting Posting, PostResult Result);

    private sealed record HeldAmount(long First)
    {
        public long Amount { get; set; } = First;

        public bool IsOpen { get; set; }
    }
}
