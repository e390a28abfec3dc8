using System.Diagnostics;
using BillingPortal.Components.Layout;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Wallet;

/// <summary>
/// The dollar account, the running month and how it is settled. Asks in figures before the plan or the mode changes;
/// follows the account by itself.
/// </summary>
public sealed partial class WalletPage(
    WalletReader wallets, PlanService plans, BalanceFeed feed, CurrentTenant tenant, DialogService dialogs,
    NavigationManager navigation, ILogger<WalletPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone);
    private WalletView? _view;
    private IDisposable? _subscription;
    private string? _failure;
    private string? _refusal;
    private string _announcement = "";
    private bool _isBusy;

    protected override async Task OnInitializedAsync()
    {
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
        await LoadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _view = await wallets.ReadAsync(tenant.Id, tenant.TimeZone, _closing.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    private async Task HearAsync()
    {
        try
        {
            var before = _view?.Usd.Available;
            _view = await wallets.ReadAsync(tenant.Id, tenant.TimeZone, _closing.Token);
            if (before is { } then && then != _view.Usd.Available)
            {
                _announcement = $"Available now: {AmountFormat.Text(_view.Usd.Available)}";
            }

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

    private Task ChangeModeAsync(SettlementMode mode) => BusyAsync(async () =>
    {
        if (await dialogs.AskAsync(WalletWords.AskMode(mode, _view!)))
        {
            await plans.ChangeModeAsync(tenant.Id, mode, tenant.UserId, _closing.Token);
            await LoadAsync();
        }
    });

    private Task ChangePlanAsync() => BusyAsync(async () =>
    {
        var preview = await plans.PreviewAsync(tenant.Id, _closing.Token);
        if (preview.Refusal is { } known)
        {
            _refusal = known;
            return;
        }

        if (!await dialogs.AskAsync(WalletWords.AskPlan(preview)))
        {
            return;
        }

        _refusal = await plans.ChangePlanAsync(tenant.Id, preview.To, tenant.UserId, _closing.Token);
        if (_refusal is null)
        {
            // The session says on which plan it is: it is written anew, and the page with it.
            navigation.NavigateTo("/account/renew?returnUrl=%2Fwallet", forceLoad: true);
        }
    });

    private async Task BusyAsync(Func<Task> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _refusal) = (true, null);
        try
        {
            await work();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Wallet could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
