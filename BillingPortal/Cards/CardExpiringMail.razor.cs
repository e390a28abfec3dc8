using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Cards;

/// <summary>Announces that a saved card will soon be of no use.</summary>
public sealed partial class CardExpiringMail : ComponentBase
{
    [Parameter]
    public string Card { get; set; } = "";

    [Parameter]
    public DateOnly LastDay { get; set; }

    [Parameter]
    public bool IsDefault { get; set; }

    [Parameter]
    public string Link { get; set; } = "";

    private string LastDayText => LastDay.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
