using System.Globalization;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>Times in mails: in UTC and saying so, because a mail's readers sit in several zones.</summary>
internal static class MailTime
{
    public static string Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
