using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>Prices, services and moments as staff reads them. Moments are in UTC and say so.</summary>
public static class PriceText
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>In the order of the price list.</summary>
    public static readonly IReadOnlyList<string> Services =
    [
        ServiceCodes.Voice, ServiceCodes.SmsOutbound, ServiceCodes.SmsInbound, ServiceCodes.Email, ServiceCodes.Fax,
        ServiceCodes.FileTransfer, ServiceCodes.NumberSetUp, ServiceCodes.NumberMonthly,
    ];

    public static string NameOf(string service) => service switch
    {
        ServiceCodes.Voice => "Voice calls",
        ServiceCodes.SmsOutbound => "SMS sent",
        ServiceCodes.SmsInbound => "SMS received",
        ServiceCodes.Email => "Email",
        ServiceCodes.Fax => "Fax",
        ServiceCodes.FileTransfer => "File transfer",
        ServiceCodes.NumberSetUp => "Number set-up",
        ServiceCodes.NumberMonthly => "Number rent, a month",
        _ => service,
    };

    public static string NameOf(Unit plan) => plan switch
    {
        Unit.Credits => "credits plan",
        Unit.Usd => "wallet plan",
    };

    /// <summary>"Not offered" where there is no price.</summary>
    public static string Of(PriceRow? row) => row switch
    {
        null or { IsOffered: false } => "Not offered",
        { BaseE4: 0, RateE4: 0 } => "Free",
        { BaseE4: 0, RateE4: Amount.Scale, Plan: Unit.Credits } =>
            row.ToText().Replace("1 credits", "1 credit", StringComparison.Ordinal),
        _ => row.ToText(),
    };

    /// <summary><c>21 Nov 2026, 00:00 UTC</c></summary>
    public static string Moment(DateTimeOffset at) =>
        at <= PriceMap.Always ? "the beginning" : at.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", English);

    /// <summary>"since the beginning until 21 Nov 2026, 00:00 UTC"</summary>
    public static string Span(DateTimeOffset from, DateTimeOffset? until) =>
        until is { } end ? $"from {Moment(from)} until {Moment(end)}" : $"from {Moment(from)}";

    /// <summary>"1,204 events"</summary>
    public static string Count(long count, string noun) => $"{count.ToString("N0", English)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>What an event of the service is: a call is one event of several minutes.</summary>
    public static string EventNounOf(string service) => service switch
    {
        ServiceCodes.Voice => "call",
        ServiceCodes.NumberMonthly => "renewal",
        _ => ServiceCodes.UnitNameOf(service),
    };
}
