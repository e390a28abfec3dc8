using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Components.Layout;

/// <summary>
/// The shell around every page. It is drawn at once with the first answer; the page itself is made only in its
/// circuit, so that it reads once and its data does not flash. Pages that are plain forms have no circuit and are
/// made at once.
/// </summary>
public sealed partial class MainLayout : LayoutComponentBase
{
    private PageErrorBoundary? _boundary;

    [Inject]
    private CurrentTenant Tenant { get; set; } = default!;

    [Inject]
    private IEnumerable<ShellPart> ShellParts { get; set; } = default!;

    private bool IsReady => RendererInfo.IsInteractive || AssignedRenderMode is null;

    private string Home => Tenant.StaffRole is not null ? "/staff" : "/";

    // A circuit's first page is made outside of any click, in the flow that begins here: staff that looks changes nothing.
    protected override void OnInitialized()
    {
        if (Tenant.View is not null)
        {
            ReadOnlyWork.Begin();
        }
    }

    // Another page gets a fresh chance after one has failed.
    protected override void OnParametersSet() => _boundary?.Recover();
}
