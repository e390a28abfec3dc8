using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.AutoRecharge;

/// <summary>Recharge attempts as a file: the price in US dollars, credits in the unit bought, the outcome in words.</summary>
internal static class AttemptCsv
{
    public const string Path = "/api/stripe/auto-recharge/attempts.csv";

    private static readonly string[] Columns =
    [
        "id", "started_at", "ended_at", "state", "trigger", "amount", "currency", "credits", "bonus", "unit",
        "payment_method_id", "outcome", "payment_intent_id", "invoice_id",
    ];

    public static readonly string Example = string.Join(',', Columns) + "\n"
        + "01a1faeb-f0fb-74a0-9736-9a101e839f22,2026-11-20T21:45:29.000Z,2026-11-20T21:45:30.000Z,succeeded,crossing,"
        + "25,usd,1000,20,credits,pm_1Qy2Z3a4b5c6d7e8,\"1,020 credits added.\",pi_4AFaS6A7gZ47vyor,\n";

    public static PushStreamHttpResult Of(HttpResponse response, IReadOnlyList<RechargeAttempt> attempts) =>
        CsvList.Of(response, "auto-recharge-attempts.csv", Columns, attempts, attempt =>
        [
            attempt.Id, attempt.StartedAt, attempt.EndedAt, RechargeTexts.Code(attempt.State), RechargeTexts.Code(attempt.Trigger),
            attempt.PriceCents / 100m, "usd", attempt.Amount.ToDecimal(), attempt.Bonus.ToDecimal(), attempt.Unit.ToCode(),
            attempt.InvoiceId is null ? attempt.Card : null, RechargeTexts.Outcome(attempt), attempt.PaymentIntentId,
            attempt.InvoiceId,
        ]);
}
