using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// A tenant's numbers: what they cost, when they renew, what is suspended. Asks in figures before anything is charged or
/// given back.
/// </summary>
public sealed partial class PhoneNumbersPage(
    NumbersReader reader, PhoneNumberService numbers, RentService rents, BalanceFeed feed, CurrentTenant tenant,
    DialogService dialogs, NotificationService notifications, ILogger<PhoneNumbersPage> logger)
    : ComponentBase, IDisposable
{
    private NumbersView? _view;
    private (StatusTone Tone, string Title, string Text)? _message;
    private string? _failure;
    private bool _isBuying;
    private bool _isBusy;
    private IDisposable? _subscription;

    // Of the buying under way, with its number: kept until its outcome is known, so that a second click is the first one.
    private (string Number, string Key)? _attempt;

    /// <summary>The number that a link of another page means.</summary>
    [SupplyParameterFromQuery(Name = "number")]
    public Guid? Number { get; set; }

    private string EmptyText => _view!.SetUp is null ? "Your plan has no phone numbers. Ask support about it."
        : tenant.CanPay
            ? $"A number costs {AmountFormat.Text(_view.SetUp.Value)} once, its first month included. It can send and receive right away."
            : "Numbers appear here once an owner or billing admin of your team has bought one.";

    protected override void OnInitialized() =>
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));

    protected override Task OnParametersSetAsync() => LoadAsync();

    public void Dispose() => _subscription?.Dispose();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            await ReadAsync();
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
            await ReadAsync();
            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync() => _view = await reader.ReadAsync(tenant.Id, tenant.Plan, Number);

    private Task BuyAsync(NumberForSale offer) => BusyAsync(() => BuyNowAsync(offer));

    private async Task BuyNowAsync(NumberForSale offer)
    {
        if (_view is not { SetUp: { } setUp } || !await dialogs.AskAsync(NumberQuestions.Buy(offer, _view)))
        {
            return;
        }

        if (_attempt?.Number != offer.PhoneNumber)
        {
            _attempt = (offer.PhoneNumber, Ids.New().ToString());
        }

        var bought = await numbers.BuyAsync(
            tenant.Id, tenant.Plan, new BuyWish(offer.PhoneNumber, offer.Country, offer.Locality), _attempt.Value.Key);
        await ReadAsync();
        if (bought.Outcome is not BuyOutcome.Pending)
        {
            _attempt = null;
        }

        if (bought.Outcome is BuyOutcome.Bought)
        {
            _isBuying = false;
            notifications.Toast(
                $"{NumberTexts.Number(offer.PhoneNumber)} is yours", $"{AmountFormat.Text(setUp)} were debited.");
            return;
        }

        _message = bought.Outcome is BuyOutcome.Pending
            ? (StatusTone.Info, "Waiting for the phone network", bought.Text)
            : (StatusTone.Warning, "Not bought", bought.Text);
    }

    private Task ResumeAsync(NumberRow row) => BusyAsync(() => ResumeNowAsync(row));

    private async Task ResumeNowAsync(NumberRow row)
    {
        if (!await dialogs.AskAsync(NumberQuestions.Resume(row)))
        {
            return;
        }

        var counts = await rents.ResumeAsync(tenant.Id, row.Number.Id);
        await ReadAsync();
        if (counts is { Billed: 0 })
        {
            _message = (StatusTone.Warning, "Not paid",
                "The balance does not cover the rent any more. Top up, and it is paid at once.");
        }
        else
        {
            notifications.Toast(row.Number.GraceUntil is null
                ? $"{NumberTexts.Number(row.Number.Number)} is back in service"
                : $"The rent of {NumberTexts.Number(row.Number.Number)} is paid");
        }
    }

    private Task ReleaseAsync(NumberRow row) => BusyAsync(() => ReleaseNowAsync(row));

    private async Task ReleaseNowAsync(NumberRow row)
    {
        if (!await dialogs.AskAsync(NumberQuestions.Release(row)))
        {
            return;
        }

        var outcome = await numbers.ReleaseAsync(tenant.Id, row.Number.Id);
        await ReadAsync();
        if (outcome is ReleaseOutcome.Pending)
        {
            _message = (StatusTone.Info, "Being released",
                "The number is out of service. The phone network has not confirmed yet; we go on asking, you need not.");
        }
        else
        {
            notifications.Toast($"{NumberTexts.Number(row.Number.Number)} is released");
        }
    }

    private Task LabelAsync((NumberRow Row, string? Label) change) => BusyAsync(() => LabelNowAsync(change));

    private async Task LabelNowAsync((NumberRow Row, string? Label) change)
    {
        await numbers.LabelAsync(tenant.Id, change.Row.Number.Id, change.Label);
        await ReadAsync();
        notifications.Toast("Label saved");
    }

    private async Task BusyAsync(Func<Task> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _message) = (true, null);
        try
        {
            await work();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Phone numbers could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
