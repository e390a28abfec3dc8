using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// One period of one number whose rent is asked for now: the oldest unpaid one of a number in service, or for a suspended
/// one the period that begins today.
/// </summary>
/// <param name="AnchorDay">The number's anchor once this is paid.</param>
/// <param name="Amount">Null: the plan has no price for a month of it.</param>
/// <param name="OccurredAt">When it fell due; the price of that moment applies.</param>
internal sealed record RentAsk(
    PhoneNumber Number, RentPeriod Period, int AnchorDay, Amount? Amount, DateTimeOffset OccurredAt)
{
    /// <summary>The cause type of a number's entries; the cause is the number's id.</summary>
    public const string Cause = "phone_number";

    public bool IsResume => Number.State is PhoneNumberState.Suspended;

    public static RentAsk Of(PhoneNumber number, NumberPrices prices, DateTimeOffset now)
    {
        var ask = Of(number, amount: null, now);
        return ask with { Amount = prices.Monthly(number.TenantId, number.Unit, number.MonthlyCostE4, ask.OccurredAt) };
    }

    public static RentAsk Of(PhoneNumber number, Amount? amount, DateTimeOffset now)
    {
        if (number.State is PhoneNumberState.Suspended)
        {
            var period = RentCalendar.PeriodFromDayOf(now);
            return new RentAsk(number, period, period.Start.Day, amount, now);
        }

        var due = RentCalendar.PeriodFrom(number.NextBillingDate!.Value, number.AnchorDay);
        return new RentAsk(number, due, number.AnchorDay, amount, due.Start);
    }

    /// <summary>One key per number and period: however often it is asked for, it is paid once.</summary>
    public Posting ToPosting() => new()
    {
        TenantId = Number.TenantId,
        Operation = LedgerOperation.Debit,
        Amount = Amount!.Value,
        Kind = EntryKind.Rent,
        Counter = CounterAccount.RentRevenue,
        Key = Ids.FromName("number_rent", Number.Id.ToString(), Period.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        CauseType = Cause,
        CauseId = Number.Id.ToString(),
        OccurredAt = OccurredAt,
        Service = ServiceCodes.NumberMonthly,
        Reference = Number.Number,
        Note = NumberTexts.Rent(Number.Number, Period),
    };
}
