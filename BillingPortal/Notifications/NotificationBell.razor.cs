using BillingPortal.Alerts;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Notifications;

/// <summary>The unread count in the shell. Follows the tenant's doorbell.</summary>
public sealed partial class NotificationBell(NoticeReader notices, BalanceFeed feed, CurrentTenant tenant)
    : ComponentBase, IDisposable
{
    private int _unread;
    private IDisposable? _subscription;

    private string Count => _unread >= NoticeReader.UnreadMax ? $"{NoticeReader.UnreadMax - 1}+" : $"{_unread}";

    private string Label => _unread == 0 ? "Notifications" : $"Notifications, {Count} unread";

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
        await ReadAsync();
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task HearAsync()
    {
        try
        {
            await ReadAsync();
            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync() => _unread = tenant.UserId is { } userId
        ? (await notices.BoardAsync(tenant.Id, userId)).Unread
        : 0;
}
