using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Viewing;
using BillingPortal.Web.Shutdown;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace BillingPortal.Web;

/// <summary>
/// Registers what every request passes through, in order: failures, headers, who is calling, limits, idempotency.
/// </summary>
public static class WebRegistration
{
    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(RequestLimits.Set);
        builder.Services.AddRequestLimits(
            builder.Configuration.GetSection(RequestBudgetOptions.Section).Get<RequestTimeOptions>() ?? new RequestTimeOptions());
        builder.Services.AddSingleton<Transport>();
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions["traceId"] = Telemetry.TraceId ?? context.HttpContext.TraceIdentifier);
        builder.Services.AddExceptionHandler<FailureHandler>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new AmountJson());
            json.SerializerOptions.MaxDepth = RequestLimits.JsonDepthMax;
        });
        // Otherwise a malformed request gets an empty 400 outside Development.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton<IdempotencyStore>();
        builder.Services.AddSingleton(
            builder.Configuration.GetSection(RequestBudgetOptions.Section).Get<RequestBudgetOptions>() ?? new RequestBudgetOptions());
        builder.Services.AddApiDescription();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [DatabaseCheck.Tag]);
        builder.AddShutdown();
        return builder;
    }

    public static WebApplication UseWeb(this WebApplication app)
    {
        app.UseShutdown();
        app.UseMiddleware<RequestTrace>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler("/status/500", createScopeForErrors: true);
        app.UseWhen(context => ApiPaths.Includes(context.Request), api => api.UseStatusCodePages(
            page => ApiProblems.ForStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext)));
        app.UseWhen(context => !ApiPaths.Includes(context.Request), pages => pages.UseStatusCodePagesWithReExecute(
            "/status/{0}", createScopeForStatusCodePages: true));
        app.Use((context, next) =>
        {
            // A page that says why a form was refused is read, not sent again.
            if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            {
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting();
        app.UseWhen(RequestLimits.IsTimed, timed => timed.UseRequestTimeouts());
        app.UseAuthentication();
        var log = app.Services.GetRequiredService<ILogger<RequestTrace>>();
        app.Use(async (context, next) =>
        {
            var current = context.RequestServices.GetRequiredService<CurrentTenant>();
            current.Enter(context.User);
            Acting.Enter(current);
            using var caller = CallerScope.Begin(log, current);
            await next(context);
        });
        app.UseMiddleware<ViewGuard>();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseMiddleware<RequestBudget>();
        app.UseAuthorization();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapWeb(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync })
            .AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(DatabaseCheck.Tag),
            ResponseWriter = HealthAnswer.WriteAsync,
        }).AllowAnonymous().DisableHttpMetrics();
        return app;
    }
}
