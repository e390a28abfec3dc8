using Microsoft.AspNetCore.Components;

namespace BillingPortal.Components.Layout;

/// <summary>Where a room's part stands in the frame.</summary>
public enum ShellPlace
{
    TopBar,
    AboveContent,
}

/// <summary>
/// Something that a room adds to the frame around every page of a tenant, so that the frame knows no room. Registered
/// as a singleton; drawn in circuits only.
/// </summary>
public sealed record ShellPart(ShellPlace Place, Type Component)
{
    public static ShellPart Of<TComponent>(ShellPlace place)
        where TComponent : IComponent => new(place, typeof(TComponent));
}
