using System.Collections.Frozen;

namespace BillingPortal.Pricing;

/// <summary>The public codes of everything that has a price, and how each is counted.</summary>
public static class ServiceCodes
{
    public const string Voice = "voice";
    public const string SmsOutbound = "sms_outbound";
    public const string SmsInbound = "sms_inbound";
    public const string Email = "email";
    public const string Fax = "fax";
    public const string FileTransfer = "file_transfer";

    /// <summary>The one-time fee of a phone number; never a usage event.</summary>
    public const string NumberSetUp = "number_set_up";

    /// <summary>A phone number's rent for one month; never a usage event.</summary>
    public const string NumberMonthly = "number_monthly";

    /// <summary>What may be reported as usage.</summary>
    public static readonly FrozenSet<string> Usage =
        FrozenSet.Create(StringComparer.Ordinal, Voice, SmsOutbound, SmsInbound, Email, Fax, FileTransfer);

    /// <summary>Minutes may be fractions; messages, pages and transfers are counted in whole ones.</summary>
    public static bool TakesFractions(string service) => service == Voice;

    /// <summary>The singular of what one quantity is, for rate texts: "minute", "message" …</summary>
    public static string UnitNameOf(string service) => service switch
    {
        Voice => "minute",
        SmsOutbound or SmsInbound => "message",
        Email => "email",
        Fax => "page",
        FileTransfer => "transfer",
        NumberSetUp or NumberMonthly => "number",
        _ => "unit",
    };
}
