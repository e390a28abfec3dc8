using System.Diagnostics;
using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Support;

/// <summary>The answer that stands at the top of a tenant's page, with a recharge by hand after a question in figures.</summary>
public sealed partial class RechargeCard(
    RechargeRetry retry, CurrentTenant current, DialogService dialogs, ILogger<RechargeCard> logger) : ComponentBase
{
    private RetryAnswer? _answer;
    private bool _isBusy;

    [Parameter, EditorRequired]
    public TenantFile File { get; set; } = default!;

    /// <summary>Something was tried: the page reads again.</summary>
    [Parameter]
    public EventCallback Done { get; set; }

    private RechargeStory Story => RechargeStory.Of(File.Recharge);

    private async Task RetryAsync()
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _answer) = (true, null);
        try
        {
            var (due, refusal) = await retry.PlanAsync(File.Tenant.Id);
            _answer = refusal;
            if (due is not null && await AskAsync(due))
            {
                _answer = await retry.RunAsync(File.Tenant.Id, current.UserId!.Value);
                await Done.InvokeAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, reference, File.Tenant.Id, exception);
            _answer = new RetryAnswer(
                StatusTone.Bad, "No clear answer",
                $"What came of it stands below in the timeline; nothing is charged twice. Reference {reference}.");
        }

        _isBusy = false;
    }

    private Task<bool> AskAsync(RechargeDecision due)
    {
        var order = due.Order!;
        var view = File.Recharge;
        var card = view.Cards.FirstOrDefault(one => due.Cards is [var first, ..] && one.PaymentMethodId == first);
        var pays = view.Rule!.PaysByInvoice ? "An invoice is issued over" : $"{RechargeExample.Card(card)} is charged";
        return dialogs.AskAsync(new ChargeQuestion(
            $"Recharge {File.Tenant.Name} now?",
            $"{pays} {AmountFormat.Cents(order.PriceCents)} at once, as the tenant's own rule says.",
            [
                new("They get", AmountFormat.Text(order.Total)),
                new("Available afterwards", "about " + AmountFormat.Text(view.Available + order.Total)),
                new(view.Rule.PaysByInvoice ? "Invoiced" : "Charged", AmountFormat.Cents(order.PriceCents)),
            ],
            $"Charge {AmountFormat.Cents(order.PriceCents)}"));
    }

    [LoggerMessage(LogLevel.Error, "A recharge by staff has no clear answer; reference {Reference}, tenant {TenantId}")]
    private static partial void LogFailed(ILogger logger, string reference, Guid tenantId, Exception exception);
}
