using BillingPortal.Alerts;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace BillingPortal.Notifications;

/// <summary>
/// The banners above every page. While a page of a tenant is open its balance is judged at once when it changes, not
/// within the minute of the job.
/// </summary>
public sealed partial class NoticeBanner(
    NoticeReader notices, NoticeService service, AlertWatch watch, BalanceFeed feed, CurrentTenant tenant,
    NavigationManager navigation) : ComponentBase, IDisposable
{
    private NoticeBoard? _board;
    private IDisposable? _subscription;

    // The page Notifications says it itself, with what to do.
    private IReadOnlyList<FlaggedAddress> Dead =>
        new Uri(navigation.Uri).AbsolutePath == "/notifications" ? [] : _board?.Dead ?? [];

    protected override async Task OnInitializedAsync()
    {
        navigation.LocationChanged += Moved;
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
        await ReadAsync();
    }

    public void Dispose()
    {
        navigation.LocationChanged -= Moved;
        _subscription?.Dispose();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(StateHasChanged);

    private async Task HearAsync()
    {
        try
        {
            await watch.LookAsync(tenant.Id);
            await ReadAsync();
            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync() =>
        _board = tenant.UserId is { } userId ? await notices.BoardAsync(tenant.Id, userId) : null;

    private async Task DismissAsync(Guid id)
    {
        if (tenant.UserId is { } userId)
        {
            await service.ReadAsync(tenant.Id, userId, [id]);
            await ReadAsync();
        }
    }
}
