using System.Globalization;
using BillingPortal.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>The last 30 days of an account and where it is heading, as a picture and as a table.</summary>
public sealed partial class BurnDownChart : ComponentBase
{
    private const int RenewalsMax = 12;

    [Parameter, EditorRequired]
    public required BurnDown Data { get; set; }

    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    // The next ones; years of them would say nothing.
    private List<Renewal> Ahead => [.. (Data.Forecast?.Renewals ?? []).Take(RenewalsMax)];

    private string Summary
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{AmountFormat.Text(Data.Used)} used and {AmountFormat.Text(Data.ToppedUp)} topped up in {Data.Days.Count} days.");
            if (Data.Forecast?.Renewals is [var next, ..])
            {
                text += $" {WalletText.Renewal(next)} on {WalletText.Day(next.At)}.";
            }

            return (Data.Forecast?.RechargeAt, Data.Forecast?.LastsUntil) switch
            {
                ({ } recharge, _) => $"{text} At this pace the next recharge is on {WalletText.Day(recharge, Zone, Now)}.",
                (null, { } empty) => $"{text} At this pace it lasts until {WalletText.Day(empty, Zone, Now)}.",
                _ => text,
            };
        }
    }
}
