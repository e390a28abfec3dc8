using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Support;

/// <summary>What waits for a second person, with its figures. Asks once more before anything moves.</summary>
public sealed partial class ApprovalsPage(
    StaffActionReader actions, ApprovalService approvals, RefundService refunds, AdjustmentService adjustments, CurrentTenant current,
    DialogService dialogs, TimeProvider clock, ILogger<ApprovalsPage> logger) : ComponentBase
{
    private const int RowsMax = 100;
    private readonly Dictionary<Guid, string> _notes = [];
    private readonly Dictionary<Guid, string> _now = [];
    private IReadOnlyList<StaffActionRow>? _waiting;
    private IReadOnlyList<StaffActionRow>? _decided;
    private string? _message;
    private StatusTone _messageTone;
    private string? _failure;
    private bool _isBusy;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            var waiting = await actions.WaitingAsync(RowsMax);
            foreach (var row in waiting)
            {
                _now[row.Action.Id] = await ReckonAsync(row.Action);
            }

            _waiting = waiting;
            _decided = await actions.DecidedAsync(clock.GetUtcNow().AddDays(-30), RowsMax);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    // What it would do if it were approved this moment: days may have gone by.
    private async Task<string> ReckonAsync(StaffAction action)
    {
        if (action is not { PurchaseId: { } purchase, RefundCents: { } cents })
        {
            var change = await adjustments.PlanAsync(action.TenantId, action.Amount);
            return change.IsCovered
                ? $"{AmountFormat.Text(change.Before.Available)} available, {AmountFormat.Text(change.AvailableAfter)} afterwards."
                : AdjustmentTexts.NotCovered(change);
        }

        return await refunds.PlanAsync(action.TenantId, purchase, cents) switch
        {
            null => "The payment is gone.",
            { } plan when plan.LeftCents < cents => RefundTexts.TooMuch(plan),
            { } plan => $"{AmountFormat.Cents(plan.LeftCents)} of the payment is left; {AmountFormat.Text(plan.TakenBack)} "
                + $"would be taken back, of which {AmountFormat.Text(plan.Debt)} would become debt.",
        };
    }

    private string NoteOf(StaffActionRow row) => _notes.GetValueOrDefault(row.Action.Id, "");

    private async Task ApproveAsync(StaffActionRow row)
    {
        var action = row.Action;
        var title = ActionText.Title(action);
        _now[action.Id] = await ReckonAsync(action);
        var question = new ChargeQuestion(
            $"Approve the {char.ToLowerInvariant(title[0])}{title[1..]}?",
            action.Kind is StaffActionKind.Refund
                ? $"The money goes back at once and cannot be fetched again. {_now[action.Id]}"
                : $"It is booked at once. The tenant is told by mail. {_now[action.Id]}",
            [
                new("For", row.TenantName),
                .. action.RefundCents is { } cents
                    ? [new("Money back", AmountFormat.Cents(cents))]
                    : Array.Empty<KeyValuePair<string, string>>(),
                new("Change of the balance", AmountFormat.Change(action.Amount)),
                new("Asked for by", action.RequestedByName),
            ],
            action.RefundCents is { } back ? $"Refund {AmountFormat.Cents(back)}" : $"Book {AmountFormat.Change(action.Amount)}",
            IsDestructive: action.AmountE4 < 0);
        if (await dialogs.AskAsync(question))
        {
            await DecideAsync(row, () => approvals.ApproveAsync(current.UserId!.Value, action.Id, NoteOf(row)));
        }
    }

    private Task RefuseAsync(StaffActionRow row) =>
        DecideAsync(row, () => approvals.RefuseAsync(current.UserId!.Value, row.Action.Id, NoteOf(row)));

    private Task WithdrawAsync(StaffActionRow row) =>
        DecideAsync(row, () => approvals.WithdrawAsync(current.UserId!.Value, row.Action.Id));

    private async Task DecideAsync(StaffActionRow row, Func<Task<DecisionResult>> decide)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            var decision = await decide();
            _message = decision.Why
                ?? $"{ActionText.Title(row.Action)} for {row.TenantName}: {ActionText.State(decision.Action!)}";
            _messageTone = decision.Why is null ? ActionText.Tone(decision.Action!.State) : StatusTone.Bad;
            await LoadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Approvals could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
