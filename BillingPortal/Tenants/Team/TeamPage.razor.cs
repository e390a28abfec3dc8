using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Tenants.Team;

/// <summary>Members and, for owners, invitations and changes. It follows what others change while it is open.</summary>
public sealed partial class TeamPage(
    TeamReader reader, TeamService team, InvitationService invitations, CurrentTenant current, BalanceFeed feed,
    DialogService dialogs, NotificationService toasts, NavigationManager navigation, ILogger<TeamPage> logger)
    : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private TeamBoard? _board;
    private InviteDraft? _invite;
    private RoleDraft? _role;
    private IDisposable? _subscription;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            _subscription = feed.Subscribe(current.Id, () => InvokeAsync(RefreshAsync));
        }

        await LoadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task RefreshAsync()
    {
        if (_isBusy || _failure is not null)
        {
            return; // what is being done reads at its end
        }

        try
        {
            await ReadAsync();
            StateHasChanged();
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

    private async Task ReadAsync() => _board = await reader.ReadAsync(current.Id, current.CanManage, _closing.Token);

    private void BeginInvitation()
    {
        Close();
        _invite = new InviteDraft();
    }

    private void BeginRole(TeamMember member)
    {
        Close();
        _role = new RoleDraft(member);
    }

    private void Close() => (_invite, _role, _refusal) = (null, null, null);

    private Task InviteAsync() => GuardAsync(async () =>
    {
        var draft = _invite!;
        if (draft.Takes(await invitations.InviteAsync(current.Id, current.Actor, draft.Email, draft.Role, _closing.Token)))
        {
            return;
        }

        await EndAsync(TeamOutcome.Done, "Invitation sent", "The mail is on its way.");
    });

    private Task ChangeRoleAsync() => GuardAsync(async () =>
    {
        var draft = _role!;
        if (draft.Takes(await team.ChangeRoleAsync(current.Id, current.Actor, draft.Member.UserId, draft.Role, _closing.Token)))
        {
            return;
        }

        await EndAsync(TeamOutcome.Done, $"{draft.Member.Name} is {TeamTexts.A(draft.Role)} now", "It counts within a minute.");
    });

    private Task RemoveAsync(TeamMember member) => GuardAsync(async () =>
    {
        if (await AskAsync(TeamTexts.RemoveQuestion(member)))
        {
            var outcome = await team.RemoveAsync(current.Id, current.Actor, member.UserId, _closing.Token);
            await EndAsync(outcome, $"{member.Name} is removed", "Their open pages close within a minute.");
        }
    });

    private Task ResendAsync(Invitation one) => GuardAsync(async () =>
    {
        var outcome = await invitations.ResendAsync(current.Id, current.Actor, one.Id, _closing.Token);
        await EndAsync(outcome, "Sent again", "Only the newest mail's link works.");
    });

    private Task WithdrawAsync(Invitation one) => GuardAsync(async () =>
    {
        if (await AskAsync(TeamTexts.WithdrawQuestion(one)))
        {
            var outcome = await invitations.WithdrawAsync(current.Id, current.Actor, one.Id, _closing.Token);
            await EndAsync(outcome, "Invitation withdrawn", "Its link has ended.");
        }
    });

    private Task LeaveAsync() => GuardAsync(async () =>
    {
        if (!await AskAsync(TeamTexts.LeaveQuestion(current.Name, current.Role ?? MemberRole.Viewer)))
        {
            return;
        }

        var outcome = await team.LeaveAsync(current.Id, current.Actor, _closing.Token);
        if (outcome is TeamOutcome.Done)
        {
            navigation.NavigateTo("/account/renew?returnUrl=/account", forceLoad: true);
            return;
        }

        await EndAsync(outcome, "", "");
    });

    private Task<bool> AskAsync(ChargeQuestion question)
    {
        Close();
        return dialogs.AskAsync(question);
    }

    private async Task EndAsync(TeamOutcome outcome, string toast, string detail)
    {
        Close();
        if (outcome is TeamOutcome.Done)
        {
            toasts.Toast(toast, detail);
        }
        else
        {
            _refusal = TeamTexts.RefusalOf(outcome);
        }

        await ReadAsync();
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

    [LoggerMessage(LogLevel.Error, "The page Team failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Team was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
