using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Invoices;

/// <summary>Tells of overdue invoices and follows their payment by itself. Changes nothing.</summary>
public sealed partial class OverdueInvoices(CurrentTenant tenant, InvoiceReader reader, BalanceFeed feed)
    : ComponentBase, IDisposable
{
    private IReadOnlyList<Invoice> _overdue = [];
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
            _overdue = await reader.OverdueAsync(tenant.Id);
            StateHasChanged();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
