using System.Diagnostics;
using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Invoices;

/// <summary>
/// Pays one invoice online. What the page shows of the payment is what the server knows; a reload or a second tab goes
/// on with the same payment.
/// </summary>
public sealed partial class PayInvoicePage(
    CurrentTenant tenant, InvoiceReader invoices, InvoiceService service, PurchaseReader purchases,
    CardService cardService, BalanceReader balances, BuyFlow flow, StripeBrowser browser, BalanceFeed feed,
    NavigationManager navigation, ILogger<PayInvoicePage> logger) : ComponentBase, IAsyncDisposable
{
    private readonly PurchaseForm _form = new() { SaveCard = false };
    private CardPicker? _picker;
    private IReadOnlyList<SavedCard> _cards = [];
    private Invoice? _invoice;
    private Purchase? _shown;
    private Balance? _balance;
    private BuyTrouble? _trouble;
    private IDisposable? _subscription;
    private string? _failure;
    private bool _isLoaded;
    private bool _isBusy;

    [Parameter]
    public Guid InvoiceId { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
            await LoadAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await browser.DisposeAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            _failure = null;
            _cards = await cardService.ListAsync(tenant.Id);
            _form.PaymentMethodId = _cards.FirstOrDefault(
                card => card is { IsDefault: true, State: not CardState.Expired })?.PaymentMethodId;
            if (await purchases.OpenOfInvoiceAsync(tenant.Id, InvoiceId) is { } begun)
            {
                await ShowAsync(await flow.ReturnAsync(tenant.Id, begun.Id, null, null, null));
            }

            _invoice = await invoices.FindAsync(tenant.Id, InvoiceId);
            _isLoaded = true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        StateHasChanged();
    }

    private async Task PayAsync()
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _trouble) = (true, null);
        try
        {
            var isGoingOn = _shown is { State: PurchaseState.RequiresAction };
            var newCard = isGoingOn ? null : _picker?.NewCard;
            if (newCard is not null && await BuyFlow.CheckFieldsAsync(newCard) is { } fault)
            {
                _trouble = fault;
                return;
            }

            var start = await service.PayAsync(
                tenant.Id, InvoiceId, isGoingOn ? null : _form.PaymentMethodId, tenant.UserId);
            var step = await flow.GoOnAsync(start, newCard, browser, new Uri(navigation.Uri));
            _trouble = step.Trouble;
            await ShowAsync(step.Purchase);
        }
        catch (ProviderException fault)
        {
            LogProvider(logger, fault.Code, fault);
            _trouble = BuyTrouble.Unreachable;
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task ShowAsync(Purchase? purchase)
    {
        _shown = BuyFlow.IsToBeShown(purchase) ? purchase : null;
        _trouble ??= _shown is null ? BuyTrouble.Of(purchase) : null;
        if (purchase is { State: PurchaseState.Settled })
        {
            _balance = await balances.ReadAsync(tenant.Id, purchase.Unit);
        }
    }

    private async Task HearAsync()
    {
        try
        {
            if (!_isBusy && _shown is { IsOpen: true } shown)
            {
                await ShowAsync(await purchases.FindAsync(tenant.Id, shown.Id));
            }

            if (!_isBusy && _shown is null)
            {
                _invoice = await invoices.FindAsync(tenant.Id, InvoiceId);
            }

            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Pay an invoice could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Stripe refused a call of the page Pay an invoice: {Code}")]
    private static partial void LogProvider(ILogger logger, string code, Exception exception);
}
