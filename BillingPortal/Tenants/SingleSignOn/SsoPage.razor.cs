using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>The owners' page for single sign-on: set up, try, change, remove.</summary>
public sealed partial class SsoPage(
    SsoReader reader, SsoService service, SsoProbe probe, CurrentTenant current, IOptions<AppOptions> app, DialogService dialogs,
    NotificationService toasts, ILogger<SsoPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private SsoBoard? _board;
    private SsoWish _wish = new();
    private SsoFaults _faults = new();
    private IReadOnlyList<SsoFinding> _findings = [];
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    private AppOptions App => app.Value;

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync()
    {
        _board = await reader.BoardAsync(current.Id, _closing.Token);
        _wish = SsoWish.Of(_board);
    }

    private Task SaveAsync() => GuardAsync(async () =>
    {
        var result = await service.SaveAsync(current.Id, current.Actor, _wish, _closing.Token);
        _faults = result.Faults ?? new();
        if (Took(result.Outcome, "Single sign-on is saved"))
        {
            _findings = [];
            await ReadAsync();
        }
    });

    private Task TestAsync() => GuardAsync(async () =>
    {
        (_findings, _faults, _refusal) = ([], new(), null);
        _findings = await probe.ProbeAsync(_wish.Issuer, _closing.Token);
    });

    private Task RemoveAsync() => GuardAsync(async () =>
    {
        var question = new ChargeQuestion(
            "Remove single sign-on?",
            "Whoever came in by it is signed out within a minute. People without a password of their own can then set one by "
                + "\"Forgotten your password?\". Confirmed domains have to be confirmed anew.",
            [new("Issuer", _board!.Connection!.Issuer), new("People known to it", $"{_board.People.Count}")],
            "Remove single sign-on",
            IsDestructive: true);
        if (await dialogs.AskAsync(question))
        {
            var result = await service.RemoveAsync(current.Id, current.Actor, _closing.Token);
            if (Took(result.Outcome, "Single sign-on is removed"))
            {
                (_faults, _findings) = (new(), []);
                await ReadAsync();
            }
        }
    });

    private Task ForgetAsync(SsoPerson person) => GuardAsync(async () =>
    {
        var result = await service.ForgetAsync(current.Id, current.Actor, person.UserId, _closing.Token);
        if (Took(result.Outcome, $"{person.Name} is forgotten"))
        {
            _board = await reader.BoardAsync(current.Id, _closing.Token); // what is typed above stays
        }
    });

    private bool Took(SsoOutcome outcome, string done)
    {
        _refusal = outcome switch
        {
            SsoOutcome.Done => null,
            SsoOutcome.Faulty => "Mend what is marked below, then save again. Nothing was changed.",
            SsoOutcome.NotAllowed => "Only owners may change single sign-on. Nothing was changed.",
            SsoOutcome.NotThere => "It was removed in the meantime. Reload the page.",
            SsoOutcome.TakenByAnother => "That domain is another account's.",
        };
        if (_refusal is null)
        {
            toasts.Toast(done);
        }

        return _refusal is null;
    }

    private async Task GuardAsync(Func<Task> action)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            await action();
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

        _isBusy = false;
    }

    [LoggerMessage(LogLevel.Error, "The page single sign-on failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page single sign-on was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
