using System.Diagnostics;
using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Support;

/// <summary>
/// Gives or takes credits or funds. Says in figures what would happen while one types, asks once more, and keeps its attempt key in
/// the address: a reload shows what became of it.
/// </summary>
public sealed partial class AdjustPage(
    AdjustmentService adjustments, StaffActionReader actions, StaffLimits limits, TenantReader tenants, BalanceFeed feed,
    CurrentTenant current, NavigationManager navigation, DialogService dialogs, ILogger<AdjustPage> logger)
    : ComponentBase, IDisposable
{
    private Tenant? _tenant;
    private AdjustmentPlan? _plan;
    private LimitVerdict? _verdict;
    private StaffAction? _action;
    private IDisposable? _subscription;
    private Unit _unit = Unit.Credits;
    private bool _takes;
    private decimal? _amount;
    private DateOnly? _ends;
    private StaffReason _reason = StaffReason.ServiceProblem;
    private string _tenantNote = "";
    private string _internalNote = "";
    private string? _problem;
    private string? _failure;
    private string? _loaded;
    private bool _isMissing;
    private bool _isBusy;

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery]
    private string? Attempt { get; set; }

    private string? AmountProblem => AdjustmentTexts.AmountProblem(_amount);

    // A number that is refused counts as none: a sign would turn giving into taking.
    private Amount Change => Amount.Of(AmountProblem is null ? (_amount ?? 0) * (_takes ? -1 : 1) : 0, _unit);

    private bool IsPossible => _plan is { IsCovered: true, Change.IsZero: false };

    private string Yes => (_verdict is { NeedsApproval: true }, _takes) switch
    {
        (true, true) => "Ask to take ",
        (true, false) => "Ask to give ",
        (false, true) => "Take ",
        (false, false) => "Give ",
    } + AmountFormat.Text(Change.Abs());

    private KeyValuePair<string, string>[] Facts =>
    [
        new("Available now", AmountFormat.Text(_plan!.Before.Available)),
        new("Change", AmountFormat.Change(_plan.Change)),
        .. _plan.PaysDebt.IsPositive
            ? [new("Of that, pays what is owed", AmountFormat.Text(_plan.PaysDebt))]
            : Array.Empty<KeyValuePair<string, string>>(),
        new("Available afterwards", AmountFormat.Text(_plan.AvailableAfter)),
        new("Counts against the limits", _plan.ValueCents is { } cents ? AmountFormat.Cents(cents) : "more than any"),
        new("To be used before", _ends is { } day && !_takes ? TimeFormat.Date(At(day), "UTC") : "no end"),
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
            _isMissing = _tenant is null;
            if (_tenant is not null)
            {
                _unit = _tenant.Plan;
                _action = await actions.FindByAttemptAsync(Attempt!) is { } action && action.TenantId == Id ? action : null;
                await ReckonAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    private Task AccountAsync(ChangeEventArgs chosen)
    {
        _unit = Enum.TryParse<Unit>(chosen.Value as string, out var unit) ? unit : _unit;
        return ReckonAsync();
    }

    private Task WayAsync(ChangeEventArgs chosen)
    {
        _takes = chosen.Value as string == "take";
        var fitting = _takes ? StaffReasons.OfDebits : StaffReasons.OfCredits;
        _reason = fitting.Contains(_reason) ? _reason : fitting[0];
        return ReckonAsync();
    }

    private Task EndAsync(ChangeEventArgs chosen)
    {
        _ends = DateOnly.TryParseExact(
            chosen.Value as string, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
        return Task.CompletedTask;
    }

    private async Task ReckonAsync()
    {
        _plan = await adjustments.PlanAsync(Id, Change);
        _verdict = await limits.JudgeAsync(current.UserId!.Value, _plan.ValueCents, leavesDebt: false);
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
            if (_problem is null && IsPossible && await dialogs.AskAsync(new ChargeQuestion(
                $"{Yes}?",
                _verdict!.NeedsApproval ? "Nothing moves until a second person approves."
                    : "It is booked at once. The tenant is told by mail.",
                Facts, Yes, IsDestructive: _takes)))
            {
                var result = await adjustments.RequestAsync(current.UserId!.Value, new AdjustmentRequest(
                    Id, Change, _ends is { } day && !_takes ? At(day) : null, _reason, _tenantNote, _internalNote, Attempt!));
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

    private static DateTimeOffset At(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    [LoggerMessage(LogLevel.Error, "The page of an adjustment could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
