using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Analytics;

/// <summary>The mails about budgets, written with the commit that they tell of. It decides nothing.</summary>
public sealed class BudgetMails(Mailer mailer, IOptions<AppOptions> app)
{
    internal void Reached(UnitOfWork unit, BudgetAlert alert, BudgetStanding standing)
    {
        var title = alert.Share == 100
            ? $"{BudgetTexts.Of(alert.Service)}: the budget of {BudgetTexts.Month(alert.Month)} is used up"
            : $"{BudgetTexts.Of(alert.Service)}: {alert.Share} % of the budget of {BudgetTexts.Month(alert.Month)} is used";
        mailer.Enqueue<BudgetMail>(
            unit, alert.TenantId, MailKinds.Budget, title,
            new Dictionary<string, object?>
            {
                [nameof(BudgetMail.Title)] = title,
                [nameof(BudgetMail.Used)] = BudgetTexts.Used(standing) + ".",
                [nameof(BudgetMail.Month)] = BudgetTexts.Month(alert.Month),
                [nameof(BudgetMail.Forecast)] = standing.Forecast is { } forecast ? AmountFormat.Text(Whole(forecast)) : null,
                [nameof(BudgetMail.Outlook)] = BudgetTexts.Outlook(standing),
                [nameof(BudgetMail.Link)] = app.Value.Link(UsageAddress.Budgets).ToString(),
            },
            key: KeyOf(alert),
            text: $"{BudgetTexts.Used(standing)}. {BudgetTexts.Outlook(standing)}");
    }

    /// <summary>The amount is another one by now, or the budget is gone: what was told is no banner any more.</summary>
    internal void End(UnitOfWork unit, BudgetAlert alert) => mailer.End(unit, alert.TenantId, MailKinds.Budget, KeyOf(alert));

    /// <summary>Another month: what was told of the last one is no banner any more.</summary>
    internal void EndAll(UnitOfWork unit, Guid tenantId) => mailer.End(unit, tenantId, MailKinds.Budget);

    /// <summary>A forecast knows no fractions.</summary>
    internal static Amount Whole(Amount forecast) => forecast with
    {
        E4 = forecast.Unit is Unit.Usd ? forecast.E4 / 100 * 100 : forecast.E4 / Amount.Scale * Amount.Scale,
    };

    private static string KeyOf(BudgetAlert alert) => string.Create(
        CultureInfo.InvariantCulture,
        $"budget:{alert.Unit.ToCode()}:{BudgetTexts.Code(alert.Service)}:{alert.Month:yyyy-MM}:{alert.Share}:{alert.AmountE4}"
        + $":{alert.At.ToUnixTimeMilliseconds()}"); // raised and set back, it is told once more
}
