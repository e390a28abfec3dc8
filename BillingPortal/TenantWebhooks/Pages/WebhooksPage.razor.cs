using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>
/// A tenant's endpoints: every member sees them, owners add them. A secret is in this page's memory while it is shown, and nowhere
/// else.
/// </summary>
public sealed partial class WebhooksPage(
    EndpointReader reader, EndpointService service, CurrentTenant current, IOptions<TenantWebhookOptions> options,
    ILogger<WebhooksPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IReadOnlyList<WebhookEndpoint>? _endpoints;
    private EndpointDraft? _draft;
    private string? _secret;
    private string? _failure;
    private bool _isBusy;

    private int EndpointsMax => options.Value.EndpointsMax;

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync() => _endpoints = await reader.ListAsync(current.Id, _closing.Token);

    private void Begin() => _draft = new EndpointDraft();

    private Task CreateAsync() => GuardAsync(async () =>
    {
        var draft = _draft!;
        var result = await service.CreateAsync(current.Id, current.Actor, draft.Wish, _closing.Token);
        if (!draft.Takes(result, EndpointsMax))
        {
            (_draft, _secret) = (null, result.Secret);
            await ReadAsync();
        }
    });

    private async Task GuardAsync(Func<Task> action)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            await action();
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }

        _isBusy = false;
    }

    [LoggerMessage(LogLevel.Error, "The page Webhooks failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Webhooks was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
