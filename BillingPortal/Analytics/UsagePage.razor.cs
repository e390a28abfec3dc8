using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Analytics;

/// <summary>
/// What was used in a period, grouped and compared. The question stands in the address, so that it can be kept and sent; the figures
/// follow the books by themselves.
/// </summary>
public sealed partial class UsagePage(
    UsageReader usage, BalanceFeed feed, CurrentTenant tenant, NavigationManager navigation, TimeProvider clock,
    ILogger<UsagePage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private UsageReport? _report;
    private UsageQuery? _shown;
    private IReadOnlyList<string> _tags = [];
    private string? _refusal;
    private string? _failure;
    private IDisposable? _subscription;

    [SupplyParameterFromQuery(Name = "unit")]
    private string? Unit { get; set; }

    [SupplyParameterFromQuery(Name = "period")]
    private string? Period { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "group")]
    private string? Group { get; set; }

    [SupplyParameterFromQuery(Name = "tag")]
    private string? Tag { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    private string? By { get; set; }

    [SupplyParameterFromQuery(Name = "service")]
    private string? Service { get; set; }

    private UsageQuery Query => new()
    {
        Unit = Unit,
        Period = Period,
        From = From,
        To = To,
        Group = Group,
        Tag = Tag,
        By = By,
        Service = Service,
    };

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (Query != _shown)
        {
            (_shown, _report, _refusal) = (Query, null, null);
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
            if (_report is not null)
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
        var query = Query;
        var request = query.Judge(tenant.Plan, clock.GetUtcNow());
        if (request.Refusal is { } refusal)
        {
            _refusal = refusal.Detail;
            return;
        }

        try
        {
            var report = await usage.ReadAsync(tenant.Id, request, _closing.Token);
            if (query == Query)
            {
                (_report, _tags, _failure) = (report, report.Tags, null);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, exception, _failure);
        }
    }

    private void Apply(UsageQuery query) => navigation.NavigateTo(UsageAddress.Of(query));

    [LoggerMessage(LogLevel.Error, "The usage figures could not be read, reference {Reference}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string reference);
}
