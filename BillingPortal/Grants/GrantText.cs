using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Grants;

/// <summary>Amounts and days in mails, where no page formats them. Days are UTC, because expiry is.</summary>
internal static class GrantText
{
    public static string Of(Amount amount) => amount.Unit switch
    {
        Unit.Credits => string.Create(CultureInfo.InvariantCulture, $"{amount.ToDecimal():#,0.####} credits"),
        Unit.Usd => string.Create(CultureInfo.InvariantCulture, $"${amount.ToDecimal():#,0.00##}"),
    };

    public static string Day(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
