using Microsoft.AspNetCore.Antiforgery;

namespace BillingPortal.Tenants.Viewing;

/// <summary>Begins and ends a look at a tenant's portal. Both are forms, so that no link or image can do it.</summary>
internal static class ViewEndpoints
{
    public const string EndPath = "/staff/view/end";

    public static IEndpointRouteBuilder MapViewing(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/staff/tenants/{tenantId:guid}/view", BeginAsync).RequireAuthorization(Policies.Staff)
            .ExcludeFromDescription();
        routes.MapPost(EndPath, EndAsync).RequireAuthorization(Policies.Viewing).ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> BeginAsync(
        Guid tenantId, HttpContext context, CurrentTenant current, IAntiforgery antiforgery, TenantViews views,
        ViewSessions sessions, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        var reason = context.Request.HasFormContentType ? context.Request.Form["reason"].ToString().Trim() : "";
        if (reason.Length is < TenantViews.ReasonMin or > TenantViews.ReasonMax)
        {
            return Results.LocalRedirect($"/staff/tenants/{tenantId}?view=no-reason");
        }

        if (await views.BeginAsync(current.UserId!.Value, tenantId, reason, cancellationToken) is not { } view)
        {
            return Results.NotFound();
        }

        await sessions.EnterAsync(context, user => sessions.CreateAsync(user, view));
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> EndAsync(
        HttpContext context, CurrentTenant current, IAntiforgery antiforgery, TenantViews views, ViewSessions sessions,
        SessionFactory own, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        if (current.View is not { } view)
        {
            return Results.LocalRedirect("/staff"); // over already: its time had passed
        }

        await views.EndAsync(view, ViewEnd.Asked, cancellationToken);
        await sessions.EnterAsync(context, own.CreateAsync);
        return Results.LocalRedirect($"/staff/tenants/{view.TenantId}");
    }
}
