using System.Diagnostics;
using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Notifications.Log;

/// <summary>One mail as it was sent, what became of it, and the button that sends it again.</summary>
public sealed partial class EmailPage(
    MailLogReader reader, MailRepeats repeats, CurrentTenant current, DialogService dialogs, ILogger<EmailPage> logger)
    : ComponentBase, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _closing = new();
    private MailDetails? _mail;
    private RepeatOutcome _verdict;
    private Guid? _shown;
    private Guid? _again;
    private string _attempt = "";
    private string? _failure;
    private string? _told;
    private StatusTone _tone;
    private bool _isUnknown;
    private bool _isBusy;

    [Parameter]
    public Guid Id { get; set; }

    // What is under way changes by itself.
    private bool IsUnderWay => _mail is { Mail.State: EmailState.Pending or EmailState.Sent }
        || _mail?.Repeats.Any(repeat => repeat.State is EmailState.Pending or EmailState.Sent) is true;

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _mail, _told, _again, _attempt) = (Id, null, null, null, Ids.New().ToString("N"));
            await ReadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                if (IsUnderWay)
                {
                    await InvokeAsync(async () =>
                    {
                        await ReadAsync();
                        StateHasChanged();
                    });
                }
            }
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ReadAsync()
    {
        var id = Id;
        try
        {
            var mail = await reader.FindAsync(id, _closing.Token);
            var verdict = mail is null ? RepeatOutcome.UnknownEmail : await repeats.JudgeAsync(mail.Mail, _closing.Token);
            if (id == Id)
            {
                (_mail, _verdict, _isUnknown, _failure) = (mail, verdict, mail is null, null);
            }
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }
    }

    private async Task ResendAsync()
    {
        var mail = _mail!.Mail;
        if (_isBusy || !await dialogs.AskAsync(new ChargeQuestion(
            "Send this mail again?", "The same words go to the same address as a new mail, whatever the tenant's preferences say.",
            [new("To", mail.ToAddress), new("Tenant", _mail.TenantName)], "Send it again")))
        {
            return;
        }

        _isBusy = true;
        try
        {
            var repeat = await repeats.RepeatAsync(mail.Id, _attempt, current.Actor);
            (_told, _tone) = (MailWords.Repeat(repeat.Outcome), repeat.EmailId is null ? StatusTone.Warning : StatusTone.Good);
            (_again, _attempt) = (repeat.EmailId, Ids.New().ToString("N"));
            await ReadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The mail could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The mail was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
