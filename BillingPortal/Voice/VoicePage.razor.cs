using System.Diagnostics;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Voice;

/// <summary>The tenant's calls, page by page. Reads again by itself when one was charged.</summary>
public sealed partial class VoicePage(
    VoiceCallReader calls, BalanceFeed feed, CurrentTenant tenant, ILogger<VoicePage> logger) : ComponentBase, IDisposable
{
    private const int SidLengthMax = 64;

    private readonly CancellationTokenSource _closing = new();
    private VoiceView? _view;
    private (string? Call, string? Cursor)? _shown;
    private string? _failure;
    private IDisposable? _subscription;

    [SupplyParameterFromQuery(Name = "call")]
    private string? CallQuery { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? CursorQuery { get; set; }

    private string? Call => CallQuery is { Length: > 0 and <= SidLengthMax } ? CallQuery : null;

    private VoiceCursor? Cursor => VoiceCursor.Parse(CursorQuery);

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (CallQuery, CursorQuery))
        {
            _shown = (CallQuery, CursorQuery);
            _view = null;
            await ReadAsync();
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task RetryAsync()
    {
        _failure = null;
        await ReadAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            if (_view is not null && Cursor is null)
            {
                await ReadAsync();
                StateHasChanged();
            }
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            _view = await calls.PageAsync(tenant.Id, Call, Cursor, _closing.Token);
            _failure = null;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToString() ?? "none";
            LogFailed(logger, exception, _failure);
        }
    }

    [LoggerMessage(LogLevel.Error, "The calls could not be read, reference {Reference}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string reference);
}
