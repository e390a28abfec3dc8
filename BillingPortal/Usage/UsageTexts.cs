using System.Globalization;
using BillingPortal.Pricing;

namespace BillingPortal.Usage;

/// <summary>What was used, in words: the description of the ledger entry in lists and exports.</summary>
internal static class UsageTexts
{
    public static string Describe(string service, decimal quantity) => service switch
    {
        ServiceCodes.Voice => $"Voice call, {Count(quantity, "minute")}",
        ServiceCodes.SmsOutbound => $"SMS sent, {Count(quantity, "message")}",
        ServiceCodes.SmsInbound => $"SMS received, {Count(quantity, "message")}",
        ServiceCodes.Email => Count(quantity, "email") + " sent",
        ServiceCodes.Fax => $"Fax, {Count(quantity, "page")}",
        ServiceCodes.FileTransfer => Count(quantity, "file transfer"),
        _ => $"{service}, {Number(quantity)}",
    };

    /// <summary>A call as it was measured, and for how long it was billed.</summary>
    public static string DescribeCall(int measuredSeconds, decimal billedMinutes) =>
        string.Create(CultureInfo.InvariantCulture, $"Voice call, measured {measuredSeconds} s, billed {billedMinutes * 60:0} s");

    private static string Count(decimal quantity, string one) => $"{Number(quantity)} {one}{(quantity == 1 ? "" : "s")}";

    private static string Number(decimal quantity) => quantity.ToString("0.####", CultureInfo.InvariantCulture);
}
