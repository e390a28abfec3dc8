using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Providers.Sms;

namespace BillingPortal.PhoneNumbers;

/// <summary>Numbers, days, entries and outcomes in plain words.</summary>
internal static class NumberTexts
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public const string Pending =
        "The phone network has not confirmed yet. Your set-up fee is reserved; within a few minutes the number is either "
        + "yours or the fee is free again. You need not do anything.";

    public const string Taken = "Somebody else has this number already. Choose another one; nothing was charged.";

    public const string NotReached =
        "The phone network could not be reached. Nothing was charged; try again in a minute.";

    public const string NotFoundThere =
        "The phone network has not sold this number to us. Nothing was charged; choose a number again.";

    /// <summary>The note of a rent's entry; no other entry of the account has it.</summary>
    public static string Rent(string number, RentPeriod period) =>
        $"Rent of {number}, {period.Start.UtcDateTime.ToString("d MMM", English)} to {Day(period.End)}";

    public static string SetUp(string number) => $"Set-up of {number}, first month included";

    /// <summary>The entry of a period, as an address of the page Transactions.</summary>
    public static string EntryLink(string number, NumberRent rent) => rent.AmountE4 == 0
        ? Entries(rent.Unit, "set_up", SetUp(number))
        : Entries(rent.Unit, "rent", Rent(number, new RentPeriod(rent.PeriodStart, rent.PeriodEnd)));

    /// <summary>A day of rent: always the UTC day, whatever the reader's zone.</summary>
    public static string Day(DateTimeOffset day) => day.UtcDateTime.ToString("d MMM yyyy", English);

    /// <summary>A moment of rent, in UTC and saying so.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", English);

    /// <summary>As people read it: <c>+1 415 555 0142</c>; other countries with their code apart.</summary>
    public static string Number(string e164) => e164 switch
    {
        ['+', '1', .. { Length: 10 } rest] => $"+1 {rest[..3]} {rest[3..6]} {rest[6..]}",
        ['+', ..] when e164.Length > 7 && e164[1] is not '1' => $"{e164[..3]} {e164[3..6]} {e164[6..]}",
        _ => e164,
    };

    public static string Refused(TwilioRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotAvailable => Taken,
        RefusalKind.NotPermitted =>
            "Numbers of this country cannot be bought without more papers. Nothing was charged; ask support about it.",
        RefusalKind.InvalidTo or RefusalKind.InvalidFrom or RefusalKind.OptedOut or RefusalKind.TooLong
            or RefusalKind.QueueFull or RefusalKind.Other =>
            $"The phone network did not sell this number (code {refusal.Code}). Nothing was charged; choose another one.",
    };

    private static string Entries(Unit unit, string kind, string note) =>
        $"/transactions?unit={unit.ToCode()}&kind={kind}&reference={Uri.EscapeDataString(note)}";
}
