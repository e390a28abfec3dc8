using System.Net;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Tenants;

/// <summary>Begins and ends a look at a tenant's portal by the forms that a browser sends.</summary>
internal static class Looks
{
    // Any plain page of the staff has the antiforgery token that every form of the session takes.
    public static Task<HttpResponseMessage> AskAsync(HttpClient staff, Guid tenantId, string reason = "Ticket 4711") =>
        PortalHost.PostFormAsync(staff, "/account", "", new() { ["reason"] = reason }, $"/staff/tenants/{tenantId}/view");

    public static async Task BeginAsync(HttpClient staff, Guid tenantId)
    {
        var answer = await AskAsync(staff, tenantId);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    /// <summary>The banner's own form.</summary>
    public static Task<HttpResponseMessage> EndAsync(HttpClient staff, string page = "/") =>
        PortalHost.PostFormAsync(staff, page, "", [], "/staff/view/end");
}
