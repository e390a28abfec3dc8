using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>The providers' events for staff. The filter stands in the address; the page looks again by itself.</summary>
public sealed partial class WebhookMonitorPage(
    WebhookMonitor monitor, WebhookReplay replay, DeadMessages messages, CurrentTenant current, DialogService dialogs,
    NavigationManager navigation, ILogger<WebhookMonitorPage> logger) : ComponentBase, IDisposable
{
    // While replayed events wait, every second; else every tenth.
    private const int CalmTicks = 10;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<Guid> _chosen = [];
    private WebhookFigures? _figures;
    private WebhookPage? _page;
    private WebhookQuery? _shown;
    private IReadOnlyList<string> _types = [];
    private IReadOnlyList<Guid> _replayed = [];
    private IReadOnlyDictionary<EventState, int> _progress = new Dictionary<EventState, int>();
    private string? _refusal;
    private string? _failure;
    private string? _told;
    private int _dead;
    private int _deadMessages;
    private bool _isBusy;

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "provider")]
    private string? Provider { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    [SupplyParameterFromQuery(Name = "type")]
    private string? Type { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private bool IsMessages => View == "messages";

    private bool IsUnderWay => _progress.GetValueOrDefault(EventState.Pending) > 0;

    private WebhookQuery Query => new()
    {
        Provider = Provider,
        State = State,
        Type = Type,
        Text = Text,
        From = From,
        To = To,
        Cursor = Cursor,
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Query)
        {
            (_shown, _page, _told) = (Query, null, null);
            _chosen.Clear();
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

    private void Apply(WebhookQuery query) => navigation.NavigateTo(query.Address);

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, TimeProvider.System);
            for (var ticks = 1; await timer.WaitForNextTickAsync(_closing.Token); ticks++)
            {
                if (IsUnderWay || ticks % CalmTicks == 0)
                {
                    await InvokeAsync(RefreshAsync);
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

    private async Task RefreshAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        var query = Query;
        try
        {
            _deadMessages = await messages.CountAsync(_closing.Token);
            if (IsMessages)
            {
                return;
            }

            var request = query.Judge();
            _figures = await monitor.FiguresAsync(_closing.Token);
            _types = await monitor.TypesAsync(_closing.Token);
            _progress = _replayed.Count == 0 ? _progress : await monitor.StatesAsync(_replayed, _closing.Token);
            var page = request.Refusal is null ? await monitor.PageAsync(request.Filter, request.Cursor, _closing.Token) : null;
            var dead = request.Refusal is null ? await monitor.CountDeadAsync(request.Filter, _closing.Token) : 0;
            if (query == Query)
            {
                (_page, _dead, _refusal, _failure) = (page, dead, request.Refusal, null);
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

    private async Task ReplayChosenAsync()
    {
        var ids = _chosen.ToList();
        var question = Question(ids.Count, "Those that wait already are left alone.");
        if (await dialogs.AskAsync(question))
        {
            await ReplayAsync(() => replay.ReplayAsync(ids, current.Actor));
        }
    }

    private async Task ReplayDeadAsync()
    {
        var filter = Query.Judge().Filter;
        var dead = await monitor.CountDeadAsync(filter);
        var count = Math.Min(dead, WebhookReplay.EventsMax);
        var question = Question(count, count < dead
            ? $"{WebhookWords.Count(dead)} are dead; the oldest {WebhookWords.Count(count)} of them go first. Do it again for the rest."
            : "All dead events that the filter finds, on every page of the list.");
        if (count > 0 && await dialogs.AskAsync(question))
        {
            await ReplayAsync(() => replay.ReplayDeadAsync(filter, current.Actor));
        }
    }

    private static ChargeQuestion Question(int count, string which) => new(
        $"Replay {WebhookWords.Events(count)}?",
        $"{which} Each is dealt with once more, from what the provider says now: nothing is credited or charged twice.",
        [new("Events", WebhookWords.Count(count))], $"Replay {WebhookWords.Events(count)}");

    private async Task ReplayAsync(Func<Task<IReadOnlyList<Guid>>> put)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            _replayed = await put();
            _told = _replayed.Count == 0 ? "Nothing was put back: all of them wait already." : null;
            _chosen.Clear();
            await ReadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The webhooks could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The webhooks were left while they were read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
