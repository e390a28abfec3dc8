using System.Diagnostics;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Support.Worklist;

/// <summary>The list of what waits; reads itself again every half minute while it is shown.</summary>
public sealed partial class WorklistCard(WorklistReader reader, ILogger<WorklistCard> logger) : ComponentBase, IDisposable
{
    // Product owner: half a minute. Real time: whoever looks is not in the sandbox's.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _closing = new();
    private WorkPage? _page;
    private WorkKind? _read;
    private int _most = WorklistReader.PageSize;
    private string? _failure;
    private bool _isStarted;

    /// <summary>One kind; null for all.</summary>
    [Parameter]
    public WorkKind? Only { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_page is null || _read != Only)
        {
            (_read, _most) = (Only, WorklistReader.PageSize);
            await ReadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _ = FollowAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private static string Age(WorkItem item, DateTimeOffset now) => (now - item.Since) switch
    {
        { TotalDays: >= 2 } age => $"{(int)age.TotalDays} days",
        { TotalHours: >= 2 } age => $"{(int)age.TotalHours} hours",
        { TotalMinutes: >= 2 } age => $"{(int)age.TotalMinutes} minutes",
        _ => "just now",
    };

    private string Age(WorkItem item) => Age(item, _page!.ReadAt);

    private Task MoreAsync()
    {
        _most = Math.Min(_most + WorklistReader.PageSize, WorklistReader.ItemsMax);
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var only = Only;
        try
        {
            var page = await reader.ReadAsync(only, _most, _closing.Token);
            if (only == Only)
            {
                (_page, _failure) = (page, null);
            }
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotRead(logger, _failure, exception);
        }
        catch (Exception exception)
        {
            LogLeft(logger, exception.GetType().Name);
        }
    }

    private async Task FollowAsync()
    {
        var closing = _closing.Token;
        try
        {
            using var timer = new PeriodicTimer(Pause, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(closing))
            {
                await InvokeAsync(async () =>
                {
                    await ReadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception exception) when (closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "The worklist could not be read; reference {Reference}")]
    private static partial void LogNotRead(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The worklist was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
