using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Analytics;

/// <summary>
/// A tenant's budgets: what is used, where the month is heading. Who may pay sets them; everybody else looks. Follows the books by
/// itself; what is being typed survives that.
/// </summary>
public sealed partial class BudgetsPage(
    BudgetReader reader, BudgetService service, BudgetWatch watch, BalanceFeed feed, CurrentTenant tenant, DialogService dialogs,
    NotificationService toasts, ILogger<BudgetsPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private BudgetsView? _view;
    private BudgetDraft? _draft;
    private string? _failure;
    private bool _isBusy;
    private IDisposable? _subscription;

    private List<string> Free =>
        [.. ServiceNames.All.Prepend("").Where(code => _view!.Budgets.All(standing => standing.Budget.Service != code))];

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

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync() => _view = await reader.ReadAsync(tenant.Id, tenant.Plan, _closing.Token);

    private async Task HearAsync()
    {
        try
        {
            if (_view is not null && !_isBusy)
            {
                await ReadAsync();
                StateHasChanged();
            }
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

    private void BeginNew() => _draft = new BudgetDraft { Service = Free[0] };

    private void BeginChange(Budget budget) => _draft = BudgetDraft.Of(budget);

    private void Close() => _draft = null;

    private Task SaveAsync() => GuardAsync(async () =>
    {
        var draft = _draft!;
        if (!tenant.CanPay)
        {
            draft.Fault = "Owners and billing admins can set budgets.";
            return;
        }

        draft.Fault = draft.Amount is not { } amount || amount > 1_000_000_000
            ? "A budget is an amount above zero, at most 1,000,000,000."
            : await service.SaveAsync(
                tenant.Id, draft.Service, Amount.Of(amount, tenant.Plan), draft.Shares, tenant.Actor, _closing.Token);
        if (draft.Fault is not null)
        {
            return;
        }

        _draft = null;
        toasts.Toast($"{BudgetTexts.Of(draft.Service)}: the budget stands");
        await watch.LookAsync(tenant.Id, tenant.Plan, _closing.Token);
        await ReadAsync();
    });

    private Task RemoveAsync(Budget budget) => GuardAsync(async () =>
    {
        var question = new ChargeQuestion(
            $"Remove the budget for {BudgetTexts.Of(budget.Service)}?", "Nobody is warned about it any more. Nothing else changes.",
            [KeyValuePair.Create("Budget a month", AmountFormat.Text(budget.Amount))], "Remove budget", IsDestructive: true);
        if (!tenant.CanPay || !await dialogs.AskAsync(question))
        {
            return;
        }

        Close();
        await service.RemoveAsync(tenant.Id, budget.Unit, budget.Service, tenant.Actor, _closing.Token);
        await ReadAsync();
    });

    private async Task GuardAsync(Func<Task> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, exception, _failure);
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Budgets failed, reference {Reference}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string reference);
}
