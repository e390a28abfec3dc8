using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>One event: body, tries, error, what it is about; put back by a button and followed until it has ended.</summary>
public sealed partial class WebhookEventPage(
    WebhookMonitor monitor, EffectReader effects, WebhookReplay replay, CurrentTenant current, ILogger<WebhookEventPage> logger)
    : ComponentBase, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _closing = new();
    private WebhookEvent? _event;
    private EventBody? _body;
    private IReadOnlyList<EventEffect> _effects = [];
    private Guid? _shown;
    private string? _failure;
    private string? _told;
    private bool _isUnknown;
    private bool _isBusy;

    [Parameter]
    public Guid Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _event, _told) = (Id, null, null);
            await ReadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    // Only what waits changes by itself.
    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                if (_event is { State: EventState.Pending })
                {
                    await InvokeAsync(async () =>
                    {
                        await ReadAsync();
                        StateHasChanged();
                    });
                }
            }
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ReadAsync()
    {
        var id = Id;
        try
        {
            var found = await monitor.FindAsync(id, _closing.Token);
            var about = found is null ? [] : await effects.ReadAsync(found, _closing.Token);
            if (id == Id)
            {
                (_event, _effects, _isUnknown, _failure) = (found, about, found is null, null);
                _body = found is null ? null : EventBody.Of(found.Provider, found.Body);
            }
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
    }

    private async Task ReplayAsync()
    {
        _isBusy = true;
        try
        {
            var back = await replay.ReplayAsync([Id], current.Actor);
            _told = back.Count == 0 ? "It waits already." : "It was put back and is being dealt with.";
            await ReadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The webhook event could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The webhook event was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
