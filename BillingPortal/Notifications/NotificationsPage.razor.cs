using System.Diagnostics;
using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Notifications;

/// <summary>
/// Threshold, recipients and kinds; what was told and what became of the mails. Unsaved input survives every live
/// update; who may not pay looks and changes nothing.
/// </summary>
public sealed partial class NotificationsPage(
    NotificationsView.Reader reader, BalanceCheck check, MailSettings mail, NoticeService notices, BalanceFeed feed,
    CurrentTenant tenant, NotificationService toasts, TimeProvider time, ILogger<NotificationsPage> logger)
    : ComponentBase, IDisposable
{
    private NotificationsView? _view;
    private NotificationForm _form = new();
    private NotificationForm _saved = new();
    private PageMessage? _message;
    private string? _problem;
    private string? _failure;
    private bool _isBusy;
    private DateTimeOffset? _testedAt;
    private NotificationSettings? _settings;
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

    // What was typed and not saved stays; only fields that nobody touched follow what is saved.
    private async Task ReadAsync()
    {
        var read = await reader.ReadAsync(tenant.Id, tenant.Plan, tenant.UserId ?? Guid.Empty);
        var wasDirty = _view is not null && IsDirty; // only now: somebody may have typed during the reading
        _view = read;
        _saved = Saved();
        _form = wasDirty ? _form : Saved();
        _message = TestMessage() ?? _message;
        Redraw();
    }

    private NotificationForm Saved() =>
        NotificationForm.Of(_view!.Standing.Alert.Threshold.ToDecimal(), _view.Recipients.Preferences);

    private void Redraw() => _problem = _form.Problem(check.ThresholdProblem);

    private void Reset()
    {
        (_form, _message) = (Saved(), null);
        Redraw();
    }

    // Here and below: a form that is only disabled is no door, the browser is not asked.
    private Task SaveAsync() => !tenant.CanPay ? Task.CompletedTask : BusyAsync(async () =>
    {
        var threshold = _form.Threshold == _saved.Threshold ? null : _form.Threshold;
        var problem = await check.SaveAsync(
            tenant.Id, tenant.Plan, threshold, _form.ToChange(withKinds: true), tenant.UserId);
        if (problem is not null)
        {
            _message = new PageMessage(StatusTone.Bad, "Not saved.", problem);
            return;
        }

        _saved = _form.Copy();
        await ReadAsync();
        toasts.Toast("Notifications saved");
    });

    private Task ClearAsync(string address) => !tenant.CanPay ? Task.CompletedTask : BusyAsync(async () =>
    {
        await mail.ClearFlagAsync(tenant.Id, address, tenant.UserId);
        await ReadAsync();
        _message = new PageMessage(
            StatusTone.Good, $"{address} is written to again.", "Send a test mail to see whether it arrives.");
    });

    private void UseOther()
    {
        _form.UsesAddress = true;
        Redraw();
        _settings?.FocusAddress();
    }

    private Task ReadAllAsync() => BusyAsync(async () =>
    {
        if (tenant.UserId is { } userId)
        {
            await notices.ReadAsync(tenant.Id, userId, []);
            await ReadAsync();
        }
    });

    private Task TestAsync() => !tenant.CanPay ? Task.CompletedTask : BusyAsync(async () =>
    {
        var outcome = await mail.SendTestAsync(tenant.Id, tenant.UserName ?? "somebody");
        _testedAt = outcome is TestOutcome.Queued ? time.GetUtcNow().AddSeconds(-1) : null;
        _message = outcome switch
        {
            TestOutcome.Queued => new(StatusTone.Info, "Test mail on its way.", "What becomes of it appears here."),
            TestOutcome.ReachesNobody => new(
                StatusTone.Bad, "Nothing was sent.", "There is no address that mail reaches. Add or correct one first."),
            TestOutcome.TooMany => new(
                StatusTone.Warning, "Nothing was sent.",
                $"{MailSettings.TestsPerHourMax} test mails an hour are the most. Try again later."),
        };
        await ReadAsync();
    });

    // The outcome of the test, as far as it is known.
    private PageMessage? TestMessage() =>
        _testedAt is { } at && _view!.Mails.Where(row => row.Kind == MailKinds.Test && row.CreatedAt >= at).ToList()
            is { Count: > 0 } tests
            ? PageMessage.OfTest(tests)
            : null;

    private async Task BusyAsync(Func<Task> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _message, _testedAt) = (true, null, null);
        try
        {
            await work();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Notifications could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
