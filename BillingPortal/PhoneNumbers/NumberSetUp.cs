using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// The set-up fee of a number being bought and its two ends, each written once whoever learns of it first: the buyer's own
/// call or the sweep. Every method is one transaction; none calls the provider.
/// </summary>
public sealed partial class NumberSetUp(
    Database database, LedgerWriter ledger, BalanceFeed feed, TimeProvider clock, ILogger<NumberSetUp> logger)
{
    /// <summary>Reserves the fee in the caller's transaction, which records the number. Null: free of charge.</summary>
    internal async Task<PostResult?> HoldAsync(UnitOfWork unit, PhoneNumber number, CancellationToken cancellationToken) =>
        number.SetUpE4 == 0 ? null
        : (await ledger.PostAsync(unit, [Posting(number, LedgerOperation.Hold, "number_set_up")], cancellationToken))[0];

    /// <summary>The number is ours: the fee is debited, the first month begins. Answers the number as it stands.</summary>
    internal async Task<PhoneNumber> BoughtAsync(Guid tenantId, Guid numberId, string providerSid)
    {
        await using var unit = await database.BeginAsync(tenantId);
        var number = await LockAsync(unit, numberId);
        if (number.State is not PhoneNumberState.Buying)
        {
            return number;
        }

        var now = clock.GetUtcNow();
        var period = RentCalendar.PeriodFromDayOf(now);
        unit.Db.Add(new NumberRent
        {
            NumberId = number.Id,
            PeriodStart = period.Start,
            TenantId = tenantId,
            PeriodEnd = period.End,
            Unit = number.Unit,
            AmountE4 = 0,
            EntrySeq = await EndHoldAsync(unit, number, LedgerOperation.Capture),
            PaidAt = now,
        });
        (number.State, number.ProviderSid, number.AcquiredAt) = (PhoneNumberState.Active, providerSid, now);
        (number.AnchorDay, number.NextBillingDate) = (period.Start.Day, period.End);
        (number.AskedAt, number.Trouble) = (null, null);
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "number.bought", number.Id.ToString(), $"{number.Number} bought.", Before: null,
            new { number.Number, number.Label, SetUp = new Amount(number.SetUpE4, number.Unit) }));
        feed.Ring(unit, tenantId);
        await unit.CommitAsync();
        LogBought(logger, number.Id, tenantId, providerSid);
        return number;
    }

    /// <summary>The number was not sold: the fee is free again.</summary>
    internal async Task<PhoneNumber> NotBoughtAsync(Guid tenantId, Guid numberId, string why)
    {
        await using var unit = await database.BeginAsync(tenantId);
        var number = await LockAsync(unit, numberId);
        if (number.State is not PhoneNumberState.Buying)
        {
            return number;
        }

        await EndHoldAsync(unit, number, LedgerOperation.Release);
        (number.State, number.AskedAt, number.Trouble) = (PhoneNumberState.NotBought, null, why);
        feed.Ring(unit, tenantId);
        await unit.CommitAsync();
        return number;
    }

    private async Task<long?> EndHoldAsync(UnitOfWork unit, PhoneNumber number, LedgerOperation end)
    {
        if (number.SetUpHoldId is not { } holdId)
        {
            return null;
        }

        var posting = Posting(number, end, end is LedgerOperation.Capture ? "number_set_up_paid" : "number_set_up_free");
        var result = (await ledger.PostAsync(unit, [posting with { HoldId = holdId }]))[0];
        number.SetUpHoldId = null;
        return result.IsPosted ? (result.Seq == 0 ? null : result.Seq)
            : throw new InvalidOperationException($"The fee of number {number.Id} could not be ended: {result.Outcome}.");
    }

    private static async Task<PhoneNumber> LockAsync(UnitOfWork unit, Guid numberId) => (await unit.Db.Set<PhoneNumber>()
        .FromSql($"SELECT * FROM phone_numbers WHERE id = {numberId} FOR NO KEY UPDATE").ToListAsync()).Single();

    private Posting Posting(PhoneNumber number, LedgerOperation operation, string key) => new()
    {
        TenantId = number.TenantId,
        Operation = operation,
        Amount = new Amount(number.SetUpE4, number.Unit),
        Kind = EntryKind.SetUp,
        Counter = CounterAccount.RentRevenue,
        Key = Ids.FromName(key, number.Id.ToString()),
        CauseType = RentAsk.Cause,
        CauseId = number.Id.ToString(),
        OccurredAt = clock.GetUtcNow(),
        Service = ServiceCodes.NumberSetUp,
        Reference = number.Id.ToString(),
        Note = NumberTexts.SetUp(number.Number),
    };

    [LoggerMessage(LogLevel.Information, "Number {NumberId} of tenant {TenantId} is bought as {ProviderSid}")]
    private static partial void LogBought(ILogger logger, Guid numberId, Guid tenantId, string providerSid);
}
