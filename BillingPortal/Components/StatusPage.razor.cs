using BillingPortal.Components.Shared;
using BillingPortal.Tenants;
using BillingPortal.Web;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Components;

/// <summary>What a page's address shows when there is no page: not found, not allowed, or failed on our side.</summary>
public sealed partial class StatusPage(CurrentTenant tenant) : ComponentBase
{
    /// <summary>The HTTP status; none means not found, for the router asks without one.</summary>
    [Parameter]
    public int? Code { get; set; }

    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    private string Home => tenant.StaffRole is not null ? "/staff" : "/";

    private string HomeText => tenant.StaffRole is not null ? "To the staff page" : "To the overview";

    private StateKind Kind => Code switch
    {
        403 => StateKind.Denied,
        null or 404 => StateKind.Empty,
        _ => StateKind.Error,
    };

    private string Title => Code switch
    {
        403 => "Not for your role",
        null or 404 => "There is no such page",
        429 => "Too many requests",
        400 => "That form could not be accepted",
        503 => "That took too long",
        _ => "Something went wrong on our side",
    };

    private string Text => Code switch
    {
        403 when tenant.StaffRole is { } role =>
            $"This page belongs to a tenant's own people. You are signed in as {role.ToText().ToLowerInvariant()}.",
        403 when tenant.View is not null =>
            "A viewer of this account does not come here, or it would change something. End the look to go back to the desk.",
        403 when tenant is { IsBySingleSignOn: true, IsPresent: false } =>
            "Single sign-on no longer opens this account for you. Sign out, then ask one of its owners.",
        403 when tenant.IsBySingleSignOn =>
            "You came in by single sign-on, which opens this account alone: not your own profile and password, and not what your role "
                + "does not include.",
        403 => "Your role with this account does not include this page. An owner can change that.",
        null or 404 => "The address may be mistyped, or what it showed is gone.",
        429 => "Please wait a minute and try again.",
        400 => "The page was open too long, or the form was sent from somewhere else. Go back, reload the page and try again.",
        503 => "It was stopped. Nothing was charged twice, and what you saved is safe. Try again in a moment.",
        _ => "Nothing was charged twice, and what you saved is safe. Try again; if it stays, give support the reference below.",
    };

    private string? ReferenceId => Code >= 500 && HttpContext is not null ? References.Of(HttpContext) : null;
}
