using System.Diagnostics;
using System.Globalization;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>The page's part that shows what was sent and received. Follows the messages by itself.</summary>
public sealed partial class SmsMessages(
    SmsView.Reader views, BalanceFeed feed, CurrentTenant tenant, NavigationManager navigation,
    TimeProvider clock) : ComponentBase, IDisposable
{
    // Figures of a million messages are not added up anew with every one that comes: reading takes a tenth of the time.
    private const int RestPerReading = 9;
    private static readonly (string Text, int Days)[] Presets = [("7 days", 7), ("30 days", 30), ("90 days", 90)];

    private readonly CancellationTokenSource _closing = new();
    private readonly Stack<string?> _trail = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone);
    private SmsView? _view;
    private (SmsQuery Query, Guid? Message)? _shown;
    private IDisposable? _subscription;

    [Parameter, EditorRequired]
    public required SmsQuery Query { get; set; }

    /// <summary>The message to begin with, opened.</summary>
    [Parameter]
    public Guid? Message { get; set; }

    private string Period => (_view!.Request.FirstDay, _view.Request.LastDay) switch
    {
        var (first, last) when first == last => first.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        var (first, last) => string.Create(CultureInfo.InvariantCulture, $"{first:d MMM} to {last:d MMM yyyy}"),
    };

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Query, Message))
        {
            return;
        }

        _shown = (Query, Message);
        _view = null;
        await ReadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    // States of older messages change too: whatever page is shown is read again.
    private async Task RefreshAsync()
    {
        try
        {
            if (_view is null)
            {
                return;
            }

            var started = Stopwatch.GetTimestamp();
            await ReadAsync();
            StateHasChanged();
            await Task.Delay(RestPerReading * Stopwatch.GetElapsedTime(started), _closing.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync()
    {
        var asked = (Query, Message);
        var view = await views.ReadAsync(
            tenant.Id, tenant.Plan, tenant.TimeZone, asked.Query, asked.Message, _closing.Token);
        if (asked == (Query, Message))
        {
            _view = view;
        }
    }

    private (string? From, string? To) PresetOf(int days)
    {
        if (days == SmsQuery.DaysDefault)
        {
            return (null, null);
        }

        var today = LocalDays.Of(clock.GetUtcNow(), _zone);
        return (today.AddDays(1 - days).ToString(SmsQuery.Day, CultureInfo.InvariantCulture), null);
    }

    private bool IsShown(string? from, string? to) => (Query.From, Query.To) == (from, to);

    private string NumberName(string number) =>
        _view?.LabelOf(number) is { } label ? $"{number} ({label})" : number;

    private void Apply(SmsQuery query)
    {
        _trail.Clear();
        navigation.NavigateTo(SmsAddress.Page(query));
    }

    private void Older(SmsCursor next)
    {
        _trail.Push(Query.Cursor);
        navigation.NavigateTo(SmsAddress.Page(Query with { Cursor = next.ToString() }));
    }

    private void Newer() => navigation.NavigateTo(SmsAddress.Page(Query with { Cursor = _trail.Pop() }));
}
