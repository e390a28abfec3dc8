using System.Diagnostics;
using System.Text.Json;
using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// Buy credits or wallet funds. The attempt key is made before the first click counts and kept in the tab until the
/// outcome is known; what the page shows of a payment is what the server knows, so a reload at any point is safe.
/// </summary>
public sealed partial class BuyCreditsPage(
    CurrentTenant tenant, PackageReader packageReader, CardService cardService, BalanceReader balances,
    PurchaseReader purchaseReader, PurchaseQuotes quotes, BuyFlow flow, StripeBrowser browser, IRechargeSwitch recharge,
    IInvoiceSales invoiceSales, BalanceFeed feed, NavigationManager navigation, IOptions<PricingOptions> pricing,
    IOptions<PurchasesOptions> options, ILogger<BuyCreditsPage> logger) : ComponentBase, IAsyncDisposable
{
    private PurchaseForm _form = new();
    private CardPicker? _picker;
    private IReadOnlyList<CreditPackage> _packages = [];
    private IReadOnlyList<int> _fixedUsd = [];
    private IReadOnlyList<SavedCard> _cards = [];
    private Balance? _balance;
    private Quote? _quote;
    private Purchase? _shown;
    private InvoiceOffer? _invoiceOffer;
    private BuyTrouble? _trouble;
    private string _limits = "", _rechargeDoes = "";
    private bool _isRechargeOn, _isBusy;
    private string? _attemptKey;
    private IDisposable? _subscription;

    /// <summary>Which account to top up; null: that of the plan.</summary>
    [SupplyParameterFromQuery(Name = "unit")]
    private string? WantedUnit { get; set; }

    [SupplyParameterFromQuery(Name = "purchase")]
    private Guid? ReturnedPurchase { get; set; }

    [SupplyParameterFromQuery(Name = "session_id")]
    private string? ReturnedSession { get; set; }

    [SupplyParameterFromQuery(Name = "canceled")]
    private Guid? CanceledPurchase { get; set; }

    private string Memory => $"buy:{tenant.Id}";

    private string? CustomHint => _form.CustomText.Trim().Length == 0 ? null
        : _form.ToRequest() is null ? "That is not an amount. Type dollars and cents, for example 75.00."
            : _quote?.Detail is null ? null : $"The amount must be from {_limits}, in whole cents.";

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
        _trouble = null;
        try
        {
            var (least, most) = (pricing.Value.CustomMinCents, pricing.Value.CustomMaxCents);
            _limits = $"{AmountFormat.Cents(least)} to {AmountFormat.Cents(most)}";
            _fixedUsd = options.Value.WalletAmountsUsd;
            _packages = await packageReader.ListAsync();
            _cards = await cardService.ListAsync(tenant.Id);
            _invoiceOffer = await invoiceSales.OfferAsync(tenant.Id);
            _isRechargeOn = await recharge.IsOnAsync(tenant.Id, CancellationToken.None);
            Preset(Units.Parse(WantedUnit) ?? tenant.Plan);
            await RestoreAsync();
            await RequoteAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, reference, exception);
            _trouble = BuyTrouble.NotLoaded(reference);
        }

        StateHasChanged();
    }

    // A reload, a return from the bank's or Stripe's page: the server says where the attempt stands.
    private async Task RestoreAsync()
    {
        if (await browser.RecallAsync(Memory) is { } text
            && JsonSerializer.Deserialize<PurchaseAttempt>(text) is { } attempt)
        {
            (_attemptKey, _form) = (attempt.Key, attempt.Form);
            _form.IsFromBank = false; // Stripe's form begins with cards again
        }

        var purchase =
            await flow.ReturnAsync(tenant.Id, ReturnedPurchase, ReturnedSession, CanceledPurchase, _attemptKey);
        if (CanceledPurchase is not null && purchase is not { State: PurchaseState.Settled })
        {
            _trouble = BuyTrouble.LeftCheckout;
        }

        await ShowAsync(purchase);
        if (ReturnedPurchase is not null || ReturnedSession is not null || CanceledPurchase is not null)
        {
            navigation.NavigateTo("/buy", replace: true);
        }
    }

    private void Preset(Unit unit)
    {
        var suggested = _packages.Count == 0 ? null : _packages[_packages.Count / 2].Code;
        _form = new PurchaseForm
        {
            Unit = unit,
            PackageCode = unit is Unit.Credits ? suggested : null,
            FixedUsd = unit is Unit.Usd ? _fixedUsd.ElementAtOrDefault(1) : null,
            PaymentMethodId = _cards.FirstOrDefault(
                card => card is { IsDefault: true, State: not CardState.Expired })?.PaymentMethodId,
        };
    }

    private Task SwitchUnitAsync(Unit unit)
    {
        Preset(unit);
        return ChangeAsync();
    }

    private Task TickRechargeAsync(ChangeEventArgs change)
    {
        _form.EnableAutoRecharge = change.Value is true;
        return ChangeAsync();
    }

    private Task ChangeAsync()
    {
        _trouble = null;
        return RequoteAsync();
    }

    private async Task RequoteAsync()
    {
        _quote = _form.ToRequest() is { } request ? await quotes.QuoteAsync(tenant.Id, request) : null;
        _balance = await balances.ReadAsync(tenant.Id, _form.Unit);
        if (_quote?.Offer is { } offer && _form.Unit == tenant.Plan)
        {
            _rechargeDoes = await recharge.WhatSwitchingOnDoesAsync(
                tenant.Id, offer.Credits, offer.PriceCents, CancellationToken.None);
        }
    }

    private async Task PayAsync()
    {
        if (_isBusy || _form.ToRequest() is not { } request)
        {
            return;
        }

        (_isBusy, _trouble) = (true, null);
        try
        {
            if (_form.ByInvoice)
            {
                await BuyOnInvoiceAsync(request);
                return;
            }

            var isGoingOn = _shown is { State: PurchaseState.RequiresAction };
            var newCard = isGoingOn ? null : _picker?.NewCard;
            if (newCard is not null && await BuyFlow.CheckFieldsAsync(newCard) is { } fault)
            {
                _trouble = fault;
                return;
            }

            var step = await TryAsync(request, newCard, isGoingOn);
            if (step.StartsAnew)
            {
                _attemptKey = null;
                step = await TryAsync(request, newCard, isGoingOn: false);
            }

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

    private async Task BuyOnInvoiceAsync(StartPurchase request)
    {
        _attemptKey ??= Ids.New().ToString();
        await browser.RememberAsync(Memory, JsonSerializer.Serialize(new PurchaseAttempt(_attemptKey, _form)));
        var (step, invoiceId) = await flow.OrderAsync(tenant, request, _attemptKey, invoiceSales);
        _trouble = step.Trouble;
        await ShowAsync(step.Purchase);
        if (invoiceId is not null)
        {
            await ForgetAsync();
            navigation.NavigateTo($"/invoices?issued={invoiceId}");
        }
    }

    // The key is in the tab before anything happens under it.
    private async Task<BuyStep> TryAsync(StartPurchase request, CardForm? newCard, bool isGoingOn)
    {
        _attemptKey ??= Ids.New().ToString();
        await browser.RememberAsync(Memory, JsonSerializer.Serialize(new PurchaseAttempt(_attemptKey, _form)));
        return await flow.PayAsync(
            tenant, request, _attemptKey, newCard, browser, new Uri(navigation.BaseUri), isGoingOn);
    }

    private async Task GiveUpAsync()
    {
        if (_shown is { } purchase)
        {
            await ShowAsync(await flow.CancelAsync(purchase));
            _trouble ??= _shown is null ? BuyTrouble.GivenUp : null;
        }
    }

    private async Task StartOverAsync()
    {
        _shown = null;
        await ForgetAsync();
        await LoadAsync();
    }

    // Shows a payment that has an outcome or is on its way; otherwise the form stays, on the same attempt.
    private async Task ShowAsync(Purchase? purchase)
    {
        _shown = BuyFlow.IsToBeShown(purchase) ? purchase : null;
        _trouble ??= _shown is null ? BuyTrouble.Of(purchase) : null;
        if (purchase is { State: PurchaseState.Settled or PurchaseState.Failed or PurchaseState.Canceled })
        {
            await ForgetAsync();
        }

        if (purchase is { State: PurchaseState.Settled })
        {
            _balance = await balances.ReadAsync(tenant.Id, purchase.Unit);
        }
    }

    private async Task ForgetAsync()
    {
        _attemptKey = null;
        await browser.RememberAsync(Memory, null);
    }

    private async Task HearAsync()
    {
        try
        {
            if (_shown is { IsOpen: true } && !_isBusy)
            {
                await ShowAsync(await purchaseReader.FindAsync(tenant.Id, _shown.Id));
            }
            else if (_balance is not null)
            {
                _balance = await balances.ReadAsync(tenant.Id, _shown?.Unit ?? _form.Unit);
            }

            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Buy credits could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Stripe refused a call of the page Buy credits: {Code}")]
    private static partial void LogProvider(ILogger logger, string code, Exception exception);
}
