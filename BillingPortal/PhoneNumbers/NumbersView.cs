using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>Everything the page Phone numbers shows, as of one moment.</summary>
/// <param name="Rows">Numbers in use, and buyings that came to nothing in the last day.</param>
/// <param name="Days">Renewals of the coming weeks by day.</param>
/// <param name="Rents">The last paid periods, newest first.</param>
/// <param name="SetUp">What one more number costs once; null where the plan has none.</param>
public sealed record NumbersView(
    IReadOnlyList<NumberRow> Rows, IReadOnlyList<RenewalDay> Days, IReadOnlyList<PaidRent> Rents,
    Amount Available, Amount? SetUp, Amount? Monthly)
{
    /// <summary>Rent of a month for all that is in service or suspended, in the plan's unit.</summary>
    public Amount MonthlySum => Rows.Where(row => row.IsRented && row.Rent?.Unit == Available.Unit)
        .Aggregate(Amount.Zero(Available.Unit), (sum, row) => sum + row.Rent!.Value);

    public int ActiveCount => Rows.Count(row => row.Number.State is PhoneNumberState.Active);

    public int SuspendedCount => Rows.Count(row => row.Number.State is PhoneNumberState.Suspended);
}

/// <summary>A number with its rent; null where the plan has no price for it.</summary>
/// <param name="Available">Of the account that pays for it.</param>
public sealed record NumberRow(PhoneNumber Number, Amount? Rent, Amount Available)
{
    public bool IsRented => Number.State is PhoneNumberState.Active or PhoneNumberState.Suspended;

    /// <summary>A suspended number that could be in service again at once.</summary>
    public bool IsCovered => Rent is { } rent && Available >= rent;
}

/// <summary>One day's renewals of one account.</summary>
/// <param name="Left">What would be left after them if nothing else were used; below zero where it is not enough.</param>
public sealed record RenewalDay(DateTimeOffset Day, IReadOnlyList<UpcomingRent> Rents, Amount Sum, Amount Left)
{
    public bool IsCovered => !Left.IsNegative;

    /// <summary>Renewals by day and account, each account's balance running down from what is available now.</summary>
    public static IReadOnlyList<RenewalDay> Of(
        IEnumerable<UpcomingRent> upcoming, IReadOnlyDictionary<Unit, Amount> available)
    {
        var left = available.ToDictionary();
        var days = new List<RenewalDay>();
        foreach (var day in upcoming.GroupBy(rent => (Day: RentCalendar.DayOf(rent.DueAt), rent.Amount.Unit))
            .OrderBy(group => group.Key))
        {
            var sum = day.Aggregate(Amount.Zero(day.Key.Unit), (total, rent) => total + rent.Amount);
            left[day.Key.Unit] -= sum;
            days.Add(new RenewalDay(day.Key.Day, [.. day], sum, left[day.Key.Unit]));
        }

        return days;
    }
}

/// <summary>A paid period with the number it was paid for.</summary>
public sealed record PaidRent(NumberRent Rent, string Number, string? Label)
{
    public Amount Amount => new(Rent.AmountE4, Rent.Unit);
}
