using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Where the mail's link leads: finishes 3-D Secure of the same payment with the cardholder present. Asks for sign-in
/// like every page; the link is worth nothing to anybody else, and nothing after the payment has its outcome.
/// </summary>
public sealed partial class ConfirmRechargePage(
    RechargeConfirmation confirmation, StripeBrowser browser, BalanceFeed feed, CurrentTenant tenant,
    NavigationManager navigation,
    TimeProvider clock, ILogger<ConfirmRechargePage> logger) : ComponentBase, IAsyncDisposable
{
    private const string Unreachable =
        "The payment provider cannot be reached. Nothing was charged; try again in a moment.";
    private RechargeAttempt? _attempt;
    private string? _trouble;
    private bool _isLoaded;
    private bool _isBusy;
    private IDisposable? _subscription;

    [Parameter]
    public Guid AttemptId { get; set; }

    private bool IsWaiting => _attempt is { State: AttemptState.RequiresAction } && !IsExpired;

    private bool IsExpired => _attempt is { State: AttemptState.RequiresAction }
        && _attempt.LinkExpiresAt <= clock.GetUtcNow();

    private string Sentence => IsExpired
        ? "The time for this confirmation is over. Nothing was charged; auto-recharge tries again later."
        : IsWaiting
        ? $"Confirm it with your bank until {TimeFormat.DateAndTime(_attempt!.LinkExpiresAt!.Value, tenant.TimeZone)}. "
            + "Your card is charged once, when the bank agrees."
        : RechargeTexts.Outcome(_attempt!);

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
        await LookAsync(); // the bank's page may have sent the browser back here
        _isLoaded = true;
    }

    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await browser.DisposeAsync();
    }

    private async Task ConfirmAsync()
    {
        (_isBusy, _trouble) = (true, null);
        try
        {
            if (await confirmation.BeginAsync(tenant.Id, AttemptId) is { } challenge)
            {
                var answer = challenge.IsConfirmed
                    ? await browser.NextActionAsync(challenge.ClientSecret)
                    : await browser.ConfirmWithCardAsync(
                        challenge.ClientSecret, challenge.PaymentMethodId, new Uri(navigation.Uri));
                _trouble = answer.Error is { } error ? DeclineText.For(error.Code).ToString() : null;
            }

            await LookAsync();
            _trouble = IsWaiting ? _trouble : null;
        }
        catch (ProviderException fault)
        {
            LogProvider(logger, fault.Code, AttemptId, fault);
            _trouble = Unreachable;
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task LookAsync()
    {
        try
        {
            _attempt = await confirmation.FinishAsync(tenant.Id, AttemptId);
        }
        catch (ProviderException fault)
        {
            LogProvider(logger, fault.Code, AttemptId, fault);
            _trouble = Unreachable;
        }
    }

    private async Task HearAsync()
    {
        try
        {
            if (!_isBusy)
            {
                await LookAsync();
                StateHasChanged();
            }
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    [LoggerMessage(LogLevel.Warning, "Stripe refused a call of the confirmation of recharge {AttemptId}: {Code}")]
    private static partial void LogProvider(ILogger logger, string code, Guid attemptId, Exception exception);
}
