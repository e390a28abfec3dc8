using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Sessions;

/// <summary>A browser that is new to the person has signed in.</summary>
public sealed partial class NewDeviceMail : ComponentBase
{
    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string Browser { get; set; } = "";

    [Parameter]
    public string Address { get; set; } = "";

    [Parameter]
    public string At { get; set; } = "";

    internal static Dictionary<string, string?> Of(User user, UserSession session) => new()
    {
        [nameof(Name)] = user.Name,
        [nameof(Browser)] = DeviceText.Of(session.UserAgent),
        [nameof(Address)] = session.Address,
        // In UTC and saying so: whoever reads it may be anywhere.
        [nameof(At)] = session.StartedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
    };
}
