using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace BillingPortal.Components.Layout;

/// <summary>A link of the navigation that is lit by the pages it stands for, also where their address is another one.</summary>
public sealed class NavigationLink : NavLink
{
    /// <summary>Path of a page without an entry of its own.</summary>
    [Parameter]
    public string? Also { get; set; }

    protected override bool ShouldMatch(string uriAbsolute) =>
        base.ShouldMatch(uriAbsolute)
        || (Also is { } also && (new Uri(uriAbsolute).AbsolutePath + "/").StartsWith(also + "/", StringComparison.Ordinal));
}
