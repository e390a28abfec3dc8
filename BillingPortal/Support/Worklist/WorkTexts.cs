using BillingPortal.AutoRecharge;
using BillingPortal.Components.Layout;
using BillingPortal.Components.Shared;

namespace BillingPortal.Support.Worklist;

/// <summary>What waits, why, and where it is solved, in the words of the desk. Times are UTC, as on all of the staff's pages.</summary>
internal static class WorkTexts
{
    private const string Zone = "UTC";

    public static string Name(WorkKind kind) => kind switch
    {
        WorkKind.RechargePaused => "Recharge paused",
        WorkKind.RechargeFailing => "Recharge failing",
        WorkKind.RechargeWaiting => "Waits for the cardholder",
        WorkKind.NumberSuspended => "Number suspended",
        WorkKind.PaymentStuck => "Payment stuck",
        WorkKind.PaymentReview => "Payment to check",
        WorkKind.BooksDiffer => "Books differ",
        WorkKind.MailBounced => "Mail bounces",
        WorkKind.WebhookDead => "Dead webhook",
        WorkKind.MessageDead => "Dead message",
        WorkKind.Approval => "Approval",
        WorkKind.InvoiceOverdue => "Invoice overdue",
    };

    public static StatusTone Tone(WorkKind kind) => kind switch
    {
        WorkKind.RechargePaused or WorkKind.PaymentStuck or WorkKind.PaymentReview or WorkKind.BooksDiffer or WorkKind.WebhookDead
            or WorkKind.MessageDead => StatusTone.Bad,
        WorkKind.RechargeFailing or WorkKind.RechargeWaiting or WorkKind.NumberSuspended or WorkKind.MailBounced
            or WorkKind.InvoiceOverdue => StatusTone.Warning,
        WorkKind.Approval => StatusTone.Info,
    };

    /// <summary>"500+" where counting stopped.</summary>
    public static string Count(int count) => count > WorkPage.CountMax ? $"{WorkPage.CountMax}+" : $"{count}";

    public static string Reason(WorkItem item) => item.Kind switch
    {
        WorkKind.RechargePaused when item.A == "spike" => "Usage far above the usual; waits until the tenant confirms that it is meant.",
        WorkKind.RechargePaused => $"After {item.N} failed attempts. {RechargeTexts.Decline(item.B)}",
        WorkKind.RechargeFailing =>
            $"{Times(item.N)} failed. {RechargeTexts.Decline(item.B)}{(item.Until is { } next ? $" Tries again at {At(next)}." : "")}",
        WorkKind.RechargeWaiting =>
            $"The bank wants the cardholder to confirm {AmountFormat.Cents(item.N)}"
            + (item.Until is { } link ? $"; the link they were sent works until {At(link)}." : "."),
        WorkKind.NumberSuspended =>
            $"{item.A}: the balance did not cover its rent."
            + (item.Until is { } retry ? $" Tried again at {At(retry)} and with a top-up." : ""),
        WorkKind.PaymentStuck when item.Until is not null =>
            $"Stripe has not said what became of {AmountFormat.Cents(item.N)}. It is asked again by itself; nothing is charged twice.",
        WorkKind.PaymentStuck => $"{AmountFormat.Cents(item.N)} have been with the bank for longer than a bank debit takes.",
        WorkKind.PaymentReview => $"{AmountFormat.Cents(item.N)}: {Review(item.B)}",
        WorkKind.BooksDiffer => $"{item.Id}: {item.A}",
        WorkKind.MailBounced => $"{item.Id} is not written to any more: {Bounce(item.A)}{(item.B is { } words ? $" ({words})" : "")}.",
        WorkKind.WebhookDead => $"{item.A} was given up after {Times(item.N)}. {item.B}",
        WorkKind.MessageDead => $"{item.A} was given up after {Times(item.N)}. {item.B}",
        WorkKind.Approval => item.A == "refund"
            ? $"{item.B} asks to refund {AmountFormat.Cents(item.N)}." : $"{item.B} asks for an adjustment of the balance.",
        WorkKind.InvoiceOverdue =>
            $"Invoice {item.A} over {AmountFormat.Cents(item.N)} is not paid. Nothing more is sold on invoice meanwhile.",
    };

    /// <summary>Where it is solved. Without an address nobody here can; the reason says who does.</summary>
    public static (string Text, string? Href) Action(WorkItem item) => item.Kind switch
    {
        WorkKind.Approval => ("Decide", "/staff/approvals"),
        WorkKind.InvoiceOverdue => ("Record a payment", $"/staff/tenants/{item.TenantId}/invoices"),
        WorkKind.RechargePaused or WorkKind.RechargeFailing => ("Look and retry", Desk(item)),
        WorkKind.WebhookDead => ("Replay", Existing("/staff/webhooks/{Id:guid}", $"/staff/webhooks/{item.Id}")),
        WorkKind.MessageDead => ("Replay", Existing("/staff/webhooks", "/staff/webhooks?view=messages")),
        WorkKind.MailBounced when NavigationItem.HasPage("/staff/emails") =>
            ("See the mails", $"/staff/emails?address={Uri.EscapeDataString(item.Id)}"),
        _ => ("Open the tenant", Desk(item)),
    };

    private static string? Desk(WorkItem item) => item.TenantId is { } tenant ? $"/staff/tenants/{tenant}" : null;

    private static string? Existing(string page, string address) => NavigationItem.HasPage(page) ? address : null;

    private static string Times(long count) => count == 1 ? "one try" : $"{count} tries";

    private static string Bounce(string reason) => reason switch
    {
        "bounced" => "there is no such mailbox",
        "complained" => "its owner called a mail spam",
        _ => "the provider refuses to write to it",
    };

    // The codes of PurchasePolicy.
    private static string Review(string? code) => code switch
    {
        "amount_differs" => "another amount was paid than asked for; nothing was credited.",
        "currency_differs" => "it was paid in another currency; nothing was credited.",
        "customer_differs" => "somebody else's customer at Stripe paid it; nothing was credited.",
        "second_payment" => "it was paid a second time at Stripe; the second payment was not credited.",
        "failure_after_settlement" => "Stripe says that it failed after it was credited.",
        _ => $"Stripe and our books differ ({code}).",
    };

    private static string At(DateTimeOffset time) => $"{TimeFormat.DateAndTime(time, Zone)} UTC";
}
