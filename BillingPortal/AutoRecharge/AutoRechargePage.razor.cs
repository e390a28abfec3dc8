using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// The rule, what it would do, and what it did. Asks in figures before anything is charged; unsaved input survives
/// every live update.
/// </summary>
public sealed partial class AutoRechargePage(
    RechargeReader reader, RechargeSettings settings, AutoRechargeService recharges, BalanceFeed feed,
    CurrentTenant tenant,
    RechargeOptions options, DialogService dialogs, NotificationService notifications, ILogger<AutoRechargePage> logger)
    : ComponentBase, IDisposable
{
    private RechargeView? _view;
    private RechargeStatusText? _status;
    private RechargeStatusText? _message;
    private RechargeForm _form = new();
    private RechargeForm _saved = new();
    private string? _problem;
    private string? _example;
    private string? _failure;
    private bool _isBusy;
    private IDisposable? _subscription;

    private bool IsDirty => !_form.IsSameAs(_saved);

    protected override async Task OnInitializedAsync()
    {
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(HearAsync));
        await LoadAsync();
    }

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

    // What was typed and not saved stays; only fields that nobody touched follow the saved rule.
    private async Task ReadAsync()
    {
        var read = await reader.ReadAsync(tenant.Id);
        var wasDirty = _view is not null && IsDirty; // only now: somebody may have typed during the reading
        _view = read;
        _status = RechargeStatusText.Of(_view, options, tenant.TimeZone);
        _saved = RechargeForm.Of(_view, options);
        _form = wasDirty ? _form : _saved with { };
        Redraw();
    }

    private void Redraw()
    {
        var (draft, problem) = _form.Draft(_view!, options);
        (_problem, _example) = (problem, problem is null ? RechargeExample.Text(draft, _view!, options) : null);
    }

    private void Reset()
    {
        (_form, _message) = (_saved with { }, null);
        Redraw();
    }

    // A balance that is below already is charged with the save: only after a yes, and a no discards it.
    private Task SaveAsync() => BusyAsync(async () =>
    {
        var change = _form.ToChange();
        var preview = await settings.PreviewAsync(tenant.Id, change, RechargeTrigger.Crossing);
        if (preview.Decision is { Charges: true } due
            && !await AskAsync(due, "Saving charges your card now", "Save and charge"))
        {
            Reset();
            _message = new RechargeStatusText(
                StatusTone.Info, "Not saved", "Nothing was changed and nothing was charged.");
            return;
        }

        var saved = await settings.SaveAsync(tenant.Id, change, RechargeDoor.Portal, tenant.UserId);
        if (saved.Problem is { } problem)
        {
            _message = new RechargeStatusText(StatusTone.Bad, "Not saved", problem);
            return;
        }

        _saved = _form with { };
        await ReadAsync();
        notifications.Toast("Auto-recharge saved");
    });

    private Task RechargeNowAsync() => BusyAsync(async () =>
    {
        var preview = await settings.PreviewAsync(tenant.Id, new RechargeChange(), RechargeTrigger.Manual);
        if (preview.Decision is not { Charges: true } due)
        {
            _message = preview.Decision is { } refused ? Refusal(refused) : null;
            return;
        }

        if (await AskAsync(due, "Recharge now?", "Charge"))
        {
            var run = await recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);
            await ReadAsync();
            Show(run);
        }
    });

    private Task ConfirmSpikeAsync() => BusyAsync(async () =>
    {
        await settings.ConfirmSpikeAsync(tenant.Id, tenant.UserId);
        await ReadAsync();
        notifications.Toast("Confirmed: auto-recharge goes on");
    });

    private Task<bool> AskAsync(RechargeDecision due, string title, string yes)
    {
        var order = due.Order!;
        var card = _view!.Cards.FirstOrDefault(one => due.Cards is [var first, ..] && one.PaymentMethodId == first);
        var pays = _form!.PaysByInvoice ? "An invoice is issued over" : $"{RechargeExample.Card(card)} is charged";
        return dialogs.AskAsync(new ChargeQuestion(
            title, $"{pays} {AmountFormat.Cents(order.PriceCents)} at once.",
            [
                new("You get", AmountFormat.Text(order.Amount)),
                .. order.Bonus.IsZero ? []
                    : new KeyValuePair<string, string>[] { new("Bonus", AmountFormat.Text(order.Bonus)) },
                new("Available afterwards", "about " + AmountFormat.Text(_view.Available + order.Total)),
                new(_form.PaysByInvoice ? "Invoiced" : "Charged", AmountFormat.Cents(order.PriceCents)),
            ],
            $"{yes} {AmountFormat.Cents(order.PriceCents)}"));
    }

    private void Show(RechargeRun run)
    {
        var attempt = _view!.Attempts.FirstOrDefault(one => one.Id == run.AttemptId);
        _message = attempt is null ? Refusal(run.Decision)
            : new RechargeStatusText(
                RechargeTexts.Tone(attempt.State), RechargeTexts.State(attempt.State), RechargeTexts.Outcome(attempt));
    }

    private RechargeStatusText Refusal(RechargeDecision refused) => new(
        StatusTone.Warning, "Nothing was charged",
        RechargeTexts.Sentence(
            refused.Reason, refused.Until, refused.LeftCents, refused.Order?.PriceCents, tenant.TimeZone));

    // All that is done here costs or changes something. A field that is only disabled is no door: the browser is not asked.
    private async Task BusyAsync(Func<Task> work)
    {
        if (_isBusy || !tenant.CanPay)
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

    [LoggerMessage(LogLevel.Error, "The page Auto-recharge could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
