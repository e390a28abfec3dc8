using BillingPortal.Data;

namespace BillingPortal.Tenants.Viewing;

/// <summary>
/// Staff that looks at a tenant only looks: whatever is not a GET is refused before anybody else sees it, but the end of the
/// look and the pages' own connection; and behind what is let through the database refuses every change.
/// </summary>
internal sealed class ViewGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, CurrentTenant tenant)
    {
        if (tenant.View is null || context.Request.Path.Equals(ViewEndpoints.EndPath, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var (method, path) = (context.Request.Method, context.Request.Path);
        var isRead = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        // A CONNECT over HTTP/2 is a web socket: the pages' own.
        if (!isRead && !path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using (ReadOnlyWork.Begin())
        {
            await next(context);
        }
    }
}
