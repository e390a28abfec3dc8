using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;

namespace BillingPortal.Alerts;

/// <summary>Renders a template into both forms of an email. Values are encoded by Blazor, as on a page.</summary>
internal sealed class EmailRenderer(IServiceProvider services, ILoggerFactory loggers, IOptions<AppOptions> app)
{
    /// <summary>A tenant's notice: it says whose it is and where to change what comes.</summary>
    public Task<(string Html, string Text)> RenderAsync(QueuedEmail email, string tenantName) => RenderAsync(email, tenantName, why: null);

    /// <summary>A mail to one person; its foot says why it came.</summary>
    public Task<(string Html, string Text)> RenderPersonalAsync(QueuedEmail email, string why) => RenderAsync(email, tenantName: "", why);

    private async Task<(string Html, string Text)> RenderAsync(QueuedEmail email, string tenantName, string? why)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var portalUrl = app.Value.Link("/").AbsoluteUri.TrimEnd('/');
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var body = await HtmlAsync(renderer, email.TemplateType(), email.TypedParameters());
            var html = await HtmlAsync(renderer, typeof(EmailLayout), new()
            {
                [nameof(EmailLayout.Subject)] = email.Subject,
                [nameof(EmailLayout.TenantName)] = tenantName,
                [nameof(EmailLayout.Body)] = EmailStyles.Inline(body),
                [nameof(EmailLayout.PortalUrl)] = portalUrl,
                [nameof(EmailLayout.Why)] = why,
            });
            return (html, why is null ? EmailText.Of(body, tenantName, portalUrl) : EmailText.Personal(body, why));
        });
    }

    private static async Task<string> HtmlAsync(
        HtmlRenderer renderer, Type component, Dictionary<string, object?> parameters)
    {
        var output = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters));
        return output.ToHtmlString();
    }
}
