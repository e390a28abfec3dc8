using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Support;

/// <summary>
/// Refunds a payment, whole or part. Says in figures what would happen while one types, asks once more, and keeps its attempt key
/// in the address: a reload shows what became of it.
/// </summary>
public sealed partial class RefundPage(
    RefundService refunds, StaffActionReader actions, StaffLimits limits, TenantReader tenants, BalanceFeed feed,
    CurrentTenant current, NavigationManager navigation, DialogService dialogs, ILogger<RefundPage> logger)
    : ComponentBase, IDisposable
{
    private const string Debt = "Becomes debt";
    private RefundPlan? _whole;
    private RefundPlan? _plan;
    private LimitVerdict? _verdict;
    private StaffAction? _action;
    private Tenant? _tenant;
    private IDisposable? _subscription;
    private decimal? _amount;
    private StaffReason _reason = StaffReason.RequestedByCustomer;
    private string _tenantNote = "";
    private string _internalNote = "";
    private string? _problem;
    private string? _failure;
    private string? _loaded;
    private bool _isMissing;
    private bool _isBusy;

    [Parameter]
    public Guid Id { get; set; }

    [Parameter]
    public Guid PurchaseId { get; set; }

    [SupplyParameterFromQuery]
    private string? Attempt { get; set; }

    private string? Subtitle => _whole is null || _tenant is null ? null
        : $"{_tenant.Name} · {PurchaseTexts.ReceiptNumber(_whole.Purchase)} · {AmountFormat.Text(_whole.Purchase.Credits)} "
            + $"for {AmountFormat.Cents(_whole.Purchase.PriceCents)}";

    private bool IsPossible => _plan is { Cents: > 0 } && _plan.Cents <= _whole!.LeftCents;

    private KeyValuePair<string, string>[] Facts =>
    [
        new("Back to", PurchaseTexts.Card(_plan!.Purchase) ?? "what it was paid with"),
        new("Money back", AmountFormat.Cents(_plan.Cents)),
        new("Taken from the balance", AmountFormat.Text(_plan.TakenBack)),
        new("Of that, bonus", AmountFormat.Text(_plan.FromBonus)),
        new("Available now", AmountFormat.Text(_plan.Available)),
        new("Unspent of what is taken", AmountFormat.Text(_plan.Unspent)),
        new(Debt, AmountFormat.Text(_plan.Debt)),
        new("Available afterwards", AmountFormat.Text(_plan.AvailableAfter)),
    ];

    protected override async Task OnParametersSetAsync()
    {
        if (string.IsNullOrWhiteSpace(Attempt))
        {
            // Made before the first click; in the address, so that a reload is the same attempt.
            navigation.NavigateTo(
                navigation.GetUriWithQueryParameter("attempt", Ids.New().ToString("N")), replace: true);
            return;
        }

        if (_loaded != Attempt)
        {
            _loaded = Attempt;
            _subscription ??= feed.Subscribe(Id, () => InvokeAsync(HearAsync));
            await LoadAsync();
        }
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _tenant = await tenants.FindAsync(Id);
            _action = await actions.FindByAttemptAsync(Attempt!) is { } action && action.PurchaseId == PurchaseId ? action : null;
            _whole = await refunds.PlanAsync(Id, PurchaseId, cents: 0);
            _isMissing = _whole is null;
            if (_whole is { LeftCents: > 0 } && _amount is null)
            {
                await TakeAsync(_whole.LeftCents);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    private Task TakeAsync(int cents)
    {
        _amount = cents / 100m;
        return ReckonAsync();
    }

    private async Task ReckonAsync()
    {
        var cents = Math.Clamp(decimal.Round((_amount ?? 0) * 100, MidpointRounding.ToZero), 0, int.MaxValue);
        _plan = await refunds.PlanAsync(Id, PurchaseId, (int)cents);
        _verdict = await limits.JudgeAsync(current.UserId!.Value, (long)cents, _plan!.Debt.IsPositive);
    }

    private async Task SendAsync()
    {
        if (_isBusy || !IsPossible)
        {
            return;
        }

        (_isBusy, _problem) = (true, StaffNotes.Problem(_tenantNote, _internalNote));
        try
        {
            await ReckonAsync();
            var money = AmountFormat.Cents(_plan!.Cents);
            var asks = _verdict!.NeedsApproval;
            if (_problem is null && IsPossible && await dialogs.AskAsync(new ChargeQuestion(
                asks ? $"Ask for a refund of {money}?" : $"Refund {money}?",
                asks ? "Nothing moves until a second person approves. The figures are reckoned anew then."
                    : "The money goes back at once and cannot be fetched again. The tenant is told by mail.",
                Facts, asks ? $"Ask for {money}" : $"Refund {money}", IsDestructive: true)))
            {
                var result = await refunds.RequestAsync(current.UserId!.Value, new RefundRequest(
                    Id, PurchaseId, _plan.Cents, _reason, _tenantNote, _internalNote, Attempt!));
                (_action, _problem) = (result.Action, result.Why);
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task HearAsync()
    {
        try
        {
            if (_action is not null)
            {
                _action = await actions.FindByAttemptAsync(Attempt!);
                StateHasChanged();
            }
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    [LoggerMessage(LogLevel.Error, "The page of a refund could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
