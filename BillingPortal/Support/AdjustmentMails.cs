using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.Extensions.Options;

namespace BillingPortal.Support;

/// <summary>The mail about an adjustment, once, with the note that staff wrote for the tenant.</summary>
public sealed class AdjustmentMails(Mailer mailer, IOptions<AppOptions> app)
{
    /// <summary>The caller commits.</summary>
    public void Enqueue(UnitOfWork unit, StaffAction action, PostResult after)
    {
        var amount = AmountFormat.Text(action.Amount.Abs());
        var title = action.AmountE4 > 0 ? $"{amount} added by support" : $"{amount} taken back by support";
        mailer.Enqueue<AdjustmentMail>(
            unit, action.TenantId, MailKinds.Adjustment, title,
            new Dictionary<string, object?>
            {
                [nameof(AdjustmentMail.Title)] = title,
                [nameof(AdjustmentMail.Note)] = action.Said,
                [nameof(AdjustmentMail.Change)] = AmountFormat.Change(action.Amount),
                [nameof(AdjustmentMail.Balance)] = AmountFormat.Text(after.Balance),
                [nameof(AdjustmentMail.Ends)] =
                    action.CreditsExpireAt is { } end ? TimeFormat.Date(end, "UTC") : null,
                [nameof(AdjustmentMail.Link)] = app.Value.Link("/transactions").ToString(),
            },
            key: $"adjustment:{action.Id}", text: action.Said);
    }
}
