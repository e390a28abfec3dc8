using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;

namespace BillingPortal.Alerts;

/// <summary>Renders a template into both forms of an email. Values are encoded by Blazor, as on a page.</summary>
internal sealed class EmailRenderer(IServiceProvider services, ILoggerFactory loggers, IOptions<AppOptions> app)
{
    public async Task<(string Html, string Text)> RenderAsync(QueuedEmail email, string tenantName)
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
            });
            return (html, EmailText.Of(body, tenantName, portalUrl));
        });
    }

    private static async Task<string> HtmlAsync(
        HtmlRenderer renderer, Type component, Dictionary<string, object?> parameters)
    {
        var output = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters));
        return output.ToHtmlString();
    }
}
