using BillingPortal.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace BillingPortal.Components;

/// <summary>
/// The document around every page. Pages run in a circuit; sign-in, profile and status pages are plain forms, for a
/// circuit cannot set cookies.
/// </summary>
public sealed partial class App : ComponentBase
{
    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private string Nonce => PageNonce.Of(HttpContext);

    private IComponentRenderMode? PageMode =>
        HttpContext.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;
}
