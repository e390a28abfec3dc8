using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Purchases;

/// <summary>Tells of payments that are still with the bank, and follows them by itself. Changes nothing.</summary>
public sealed partial class PaymentsOnTheWay(CurrentTenant tenant, PurchaseReader purchases, BalanceFeed feed)
    : ComponentBase, IDisposable
{
    private IReadOnlyList<Purchase> _payments = [];
    private IDisposable? _subscription;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(ReadAsync));
            await ReadAsync();
        }
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            _payments = await purchases.OnTheWayAsync(tenant.Id);
            StateHasChanged();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
