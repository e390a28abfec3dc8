namespace BillingPortal.Messaging;

/// <summary>The provider's numbers as sentences that say what is wrong and what to do, for answers and mails. Pure.</summary>
public static class SmsErrorText
{
    public static string Of(int? code) => code is { } number && SmsTroubles.Of(number) is var trouble
        ? $"{trouble.Meaning}. {trouble.Advice}"
        : "It was not sent, and nothing was charged. Try again.";
}
