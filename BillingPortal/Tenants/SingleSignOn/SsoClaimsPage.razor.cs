using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>The staff's page for the domains of single sign-on; a lead decides, an agent reads.</summary>
public sealed partial class SsoClaimsPage(
    SsoReader reader, SsoDomainService domains, CurrentTenant current, DialogService dialogs, NotificationService toasts,
    ILogger<SsoClaimsPage> logger) : ComponentBase
{
    private IReadOnlyList<SsoClaim>? _claims;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    private bool MayDecide => current.StaffRole is StaffRole.Lead;

    private string WaitingText => _claims!.Count(claim => claim.Domain.ConfirmedAt is null) switch
    {
        0 => "None waits",
        1 => "1 waits",
        var several => $"{several} wait",
    };

    protected override Task OnInitializedAsync() => LoadAsync();

    private Task LoadAsync() => GuardAsync(async () => _claims = await reader.ClaimsAsync());

    private Task DecideAsync(SsoClaim claim) => GuardAsync(async () =>
    {
        var confirms = claim.Domain.ConfirmedAt is null;
        if (!await dialogs.AskAsync(QuestionOf(claim, confirms)))
        {
            return;
        }

        var outcome = confirms
            ? await domains.ConfirmAsync(claim.TenantId, claim.Domain.Domain, current.Actor)
            : await domains.WithdrawAsync(claim.TenantId, claim.Domain.Domain, current.Actor);
        _refusal = outcome switch
        {
            SsoOutcome.Done => null,
            SsoOutcome.TakenByAnother => $"{claim.Domain.Domain} is confirmed for another tenant. Withdraw it there first.",
            SsoOutcome.NotAllowed => "Only support leads confirm domains. Nothing was changed.",
            SsoOutcome.NotThere or SsoOutcome.Faulty => "That was changed in the meantime. Look at the list again.",
        };
        if (_refusal is null)
        {
            toasts.Toast($"{claim.Domain.Domain} is {(confirms ? "confirmed" : "withdrawn")}");
        }

        _claims = await reader.ClaimsAsync();
    });

    private static ChargeQuestion QuestionOf(SsoClaim claim, bool confirms) => new(
        confirms ? $"Confirm {claim.Domain.Domain}?" : $"Withdraw {claim.Domain.Domain}?",
        confirms
            ? "From then on people with such an address are sent to this issuer from the sign-in page, and may join this tenant by "
                + "themselves if it allows that. Confirm only what you have seen proof of."
            : "People with such an address are no longer sent to the issuer from the sign-in page, and nobody new joins by it. "
                + "Who is a member stays one.",
        [new("Tenant", claim.TenantName), new("Issuer", claim.Issuer)],
        confirms ? "Confirm the domain" : "Withdraw the domain",
        IsDestructive: !confirms);

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
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }

        _isBusy = false;
    }

    [LoggerMessage(LogLevel.Error, "The page of sign-in domains failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);
}
