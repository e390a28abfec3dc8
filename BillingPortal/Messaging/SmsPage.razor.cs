using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>
/// Everything about a tenant's SMS. Which part is shown and how it is filtered stands in the address, so that it can be
/// kept and sent.
/// </summary>
public sealed partial class SmsPage(CurrentTenant tenant) : ComponentBase
{
    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "message")]
    private Guid? Message { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "direction")]
    private string? Direction { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    [SupplyParameterFromQuery(Name = "number")]
    private string? Number { get; set; }

    [SupplyParameterFromQuery(Name = "country")]
    private string? Country { get; set; }

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private SmsPart Part => View switch
    {
        "send" when tenant.CanPay => SmsPart.Send,
        "opt-outs" => SmsPart.OptOuts,
        "settings" => SmsPart.Settings,
        _ => SmsPart.Messages,
    };

    private SmsQuery Query => new()
    {
        From = From,
        To = To,
        Direction = Direction,
        State = State,
        Number = Number,
        Country = Country,
        Text = Text,
        Cursor = Cursor,
    };

    private string? Current(SmsPart part) => part == Part ? "page" : null;
}

/// <summary>What the page shows.</summary>
internal enum SmsPart
{
    Messages = 1,
    Send,
    OptOuts,
    Settings,
}
