using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Tenants.StaffTeam;

/// <summary>The lead's page for the platform's own people: roles, last sign-ins, removal.</summary>
public sealed partial class StaffTeamPage(
    StaffTeamService service, CurrentTenant current, DialogService dialogs, NotificationService toasts, ILogger<StaffTeamPage> logger)
    : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IReadOnlyList<StaffEntry>? _people;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private static string Other(StaffEntry one) => one.Role is StaffRole.Lead ? "Make agent" : "Make lead";

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync() => _people = await service.ReadAsync(_closing.Token);

    private Task ChangeRoleAsync(StaffEntry one) => GuardAsync(async () =>
    {
        var role = one.Role is StaffRole.Lead ? StaffRole.Agent : StaffRole.Lead;
        var question = new ChargeQuestion(
            $"{Other(one)}: {one.Name}?",
            role is StaffRole.Lead
                ? "A lead approves refunds and adjustments, sets prices and packages, and changes the staff."
                : "An agent answers tenants, and asks a lead for what is above the limits.",
            [new("Email", one.Email), new("Now", one.Role.ToText())], Other(one));
        if (await dialogs.AskAsync(question))
        {
            await EndAsync(await service.ChangeRoleAsync(current.Actor, one.UserId, role, _closing.Token), $"{one.Name}: {role.ToText()}");
        }
    });

    private Task RemoveAsync(StaffEntry one) => GuardAsync(async () =>
    {
        var question = new ChargeQuestion(
            $"Remove {one.Name}?", "They lose the desk within a minute, open pages included. What they did stays in the audit log.",
            [new("Email", one.Email), new("Role", one.Role.ToText())], "Remove from the staff", IsDestructive: true);
        if (await dialogs.AskAsync(question))
        {
            await EndAsync(await service.RemoveAsync(current.Actor, one.UserId, _closing.Token), $"{one.Name} is removed");
        }
    });

    private async Task EndAsync(StaffOutcome outcome, string toast)
    {
        _refusal = outcome switch
        {
            StaffOutcome.Done => null,
            StaffOutcome.NotAllowed => "Only leads may change the staff. Nothing was changed.",
            StaffOutcome.Oneself => "Nobody changes or removes themselves. Ask another lead.",
            StaffOutcome.NotThere => "This person has gone in the meantime. Nothing was changed.",
        };
        if (outcome is StaffOutcome.Done)
        {
            toasts.Toast(toast, "It counts within a minute.");
        }

        await ReadAsync();
    }

    private async Task GuardAsync(Func<Task> action)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure, _refusal) = (true, null, null);
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

    [LoggerMessage(LogLevel.Error, "The page Staff failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Staff was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
