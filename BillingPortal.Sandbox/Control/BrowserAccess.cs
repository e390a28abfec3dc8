namespace BillingPortal.Sandbox.Control;

/// <summary>Lets the portal's pages call Stripe from the browser, as Stripe does.</summary>
internal static class BrowserAccess
{
    public static void UseBrowserAccess(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/stripe"))
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlAllowHeaders = "authorization, content-type, idempotency-key, stripe-version";
            headers.AccessControlAllowMethods = "GET, POST, DELETE, OPTIONS";
            headers.AccessControlExposeHeaders = "request-id, stripe-version, idempotent-replayed";
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }

        await next(context);
    });
}
