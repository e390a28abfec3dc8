using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Invoices;

/// <summary>A tenant's invoices, with their files and the way to pay them. Follows payments by itself.</summary>
public sealed partial class InvoicesPage(
    CurrentTenant tenant, InvoiceReader reader, InvoiceService service, BalanceFeed feed,
    ILogger<InvoicesPage> logger) : ComponentBase, IDisposable
{
    private const int AtOnce = 50;
    private IReadOnlyList<Invoice>? _invoices;
    private InvoiceOffer? _offer;
    private IDisposable? _subscription;
    private string? _failure;
    private int _most = AtOnce;
    private bool _hasMore;

    /// <summary>The invoice that a link speaks of.</summary>
    [SupplyParameterFromQuery(Name = "invoice")]
    private Guid? Linked { get; set; }

    /// <summary>The invoice that was issued a moment ago.</summary>
    [SupplyParameterFromQuery(Name = "issued")]
    private Guid? Issued { get; set; }

    private Guid? Wanted => Issued ?? Linked;

    private bool IsIssuedNow => Issued is not null;

    private Invoice? Named => _invoices?.FirstOrDefault(invoice => invoice.Id == Wanted);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(LoadAsync));
            await LoadAsync();
        }
    }

    public void Dispose() => _subscription?.Dispose();

    private Task OlderAsync()
    {
        _most += AtOnce;
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var rows = await reader.ListAsync(tenant.Id, _most + 1);
            (_invoices, _hasMore) = ([.. rows.Take(_most)], rows.Count > _most);
            _offer = await service.OfferAsync(tenant.Id);
            _failure = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        StateHasChanged();
    }

    [LoggerMessage(LogLevel.Error, "The page Invoices could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
