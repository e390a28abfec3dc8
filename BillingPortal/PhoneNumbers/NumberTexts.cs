using BillingPortal.Providers.Sms;

namespace BillingPortal.PhoneNumbers;

/// <summary>Outcomes in plain words: what happened, and what to do.</summary>
internal static class NumberTexts
{
    public const string Pending =
        "The phone network has not confirmed yet. Your set-up fee is reserved; within a few minutes the number is either "
        + "yours or the fee is free again. You need not do anything.";

    public const string Taken = "Somebody else has this number already. Choose another one; nothing was charged.";

    public const string NotReached =
        "The phone network could not be reached. Nothing was charged; try again in a minute.";

    public const string NotFoundThere =
        "The phone network has not sold this number to us. Nothing was charged; choose a number again.";

    public static string Refused(TwilioRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotAvailable => Taken,
        RefusalKind.NotPermitted =>
            "Numbers of this country cannot be bought without more papers. Nothing was charged; ask support about it.",
        RefusalKind.InvalidTo or RefusalKind.InvalidFrom or RefusalKind.OptedOut or RefusalKind.TooLong
            or RefusalKind.QueueFull or RefusalKind.Other =>
            $"The phone network did not sell this number (code {refusal.Code}). Nothing was charged; choose another one.",
    };
}
