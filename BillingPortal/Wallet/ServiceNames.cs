using BillingPortal.Pricing;

namespace BillingPortal.Wallet;

/// <summary>Services as people call them.</summary>
public static class ServiceNames
{
    /// <summary>Stands in for entries without a service.</summary>
    public const string Other = "other";

    /// <summary>What a person may filter by, in the order of the price book.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        ServiceCodes.Voice, ServiceCodes.SmsOutbound, ServiceCodes.SmsInbound, ServiceCodes.Email, ServiceCodes.Fax,
        ServiceCodes.FileTransfer, ServiceCodes.NumberSetUp, ServiceCodes.NumberMonthly,
    ];

    public static string Of(string service) => service switch
    {
        ServiceCodes.Voice => "Voice calls",
        ServiceCodes.SmsOutbound => "SMS sent",
        ServiceCodes.SmsInbound => "SMS received",
        ServiceCodes.Email => "Email",
        ServiceCodes.Fax => "Fax",
        ServiceCodes.FileTransfer => "File transfer",
        ServiceCodes.NumberSetUp => "Number set-up",
        ServiceCodes.NumberMonthly => "Number rent",
        _ => "Other",
    };

    /// <summary>The style class that gives a service its colour, the same one everywhere.</summary>
    public static string StyleOf(string service) =>
        All.Contains(service) ? $"service-{service.Replace('_', '-')}" : "service-other";
}
