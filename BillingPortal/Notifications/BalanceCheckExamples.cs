namespace BillingPortal.Notifications;

/// <summary>Calls and answers of a running portal, for the description.</summary>
internal static class BalanceCheckExamples
{
    public const string Standing =
        """
        {"balance":1861,"threshold":100,"alertLevel":"good","message":"Your balance is good: 1,861 credits available.",
         "recommendations":[],"upcomingCosts":{"phoneNumbers":300},"notifications":{"emailEnabled":true,
         "lastNotificationSent":null}}
        """;

    public const string Save = """{"threshold":150,"emailNotifications":true,"notificationEmail":"billing@acme.example"}""";

    public const string Saved =
        """
        {"balance":1861,"threshold":150,"alertLevel":"good","message":"Your balance is good: 1,861 credits available.",
         "recommendations":[],"upcomingCosts":{"phoneNumbers":300},"notifications":{"emailEnabled":true,
         "lastNotificationSent":null}}
        """;
}
