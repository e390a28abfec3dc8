using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>The monitor's second view: dead messages of the outbox, chosen and put back.</summary>
public sealed partial class DeadMessageList(
    DeadMessages messages, CurrentTenant current, DialogService dialogs, ILogger<DeadMessageList> logger) : ComponentBase
{
    private readonly HashSet<Guid> _chosen = [];
    private DeadMessagePage? _page;
    private string? _shown;
    private string? _failure;
    private string? _told;
    private bool _isBroken;
    private bool _isBusy;

    [Parameter]
    public string? Cursor { get; set; }

    [Parameter]
    public EventCallback OnReplayed { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_page is null || _shown != Cursor)
        {
            (_shown, _page, _told) = (Cursor, null, null);
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        _failure = null;
        try
        {
            var cursor = TimeCursor.Parse(Cursor);
            _isBroken = Cursor is not null && cursor is null;
            _chosen.Clear();
            _page = _isBroken ? null : await messages.PageAsync(cursor);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }
    }

    private void Toggle(Guid id)
    {
        if (!_chosen.Remove(id))
        {
            _chosen.Add(id);
        }
    }

    private void ToggleAll()
    {
        var isAll = _chosen.Count == _page!.Rows.Count;
        _chosen.Clear();
        _chosen.UnionWith(isAll ? [] : _page.Rows.Select(row => row.Id));
    }

    private async Task ReplayAsync()
    {
        var ids = _chosen.ToList();
        var text = ids.Count == 1 ? "1 message" : $"{ids.Count} messages";
        if (_isBusy || !await dialogs.AskAsync(new ChargeQuestion(
            $"Replay {text}?", "Each is delivered once more, with all its tries. Who has had it already is left out.", [],
            $"Replay {text}")))
        {
            return;
        }

        _isBusy = true;
        try
        {
            var back = await messages.ReplayAsync(ids, current.Actor);
            await ReadAsync();
            _told = back == 0 ? "Nothing was put back: none of them is dead any more."
                : $"{(back == 1 ? "1 message is" : $"{back} messages are")} being delivered. What fails for good comes back to this list.";
            await OnReplayed.InvokeAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The dead messages could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);
}
