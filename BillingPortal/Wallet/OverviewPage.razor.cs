using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>
/// The tenant's first page: what is left, how long it lasts, where it went. Follows the account by itself.
/// </summary>
public sealed partial class OverviewPage(OverviewReader overviews, BalanceFeed feed, CurrentTenant tenant)
    : ComponentBase, IDisposable
{
    // A screen reader needs time to say one balance before the next.
    private static readonly TimeSpan AnnouncementPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _closing = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone);
    private Overview? _overview;
    private IDisposable? _subscription;
    private string _announcement = "";
    private DateTimeOffset _announcedAt;

    private string BuyHref => tenant.Plan is Unit.Credits ? "/buy" : "/buy?unit=usd";

    protected override async Task OnInitializedAsync()
    {
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));
        await ReadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await ReadAsync();
            StateHasChanged();
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
        var before = _overview;
        _overview = await overviews.ReadAsync(tenant.Id, tenant.Plan, tenant.TimeZone, _closing.Token);
        if (before is not null && before.Balance.Available != _overview.Balance.Available
            && _overview.ReadAt - _announcedAt >= AnnouncementPause)
        {
            _announcement = $"Available now: {AmountFormat.Text(_overview.Balance.Available)}";
            _announcedAt = _overview.ReadAt;
        }
    }
}
