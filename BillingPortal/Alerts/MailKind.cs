namespace BillingPortal.Alerts;

/// <summary>How pressing a notification is: its colour in the portal, and whether it stands as a banner.</summary>
public enum NoticeSeverity
{
    /// <summary>Good to know: history only.</summary>
    Info,

    /// <summary>Somebody should act in the next days.</summary>
    Warning,

    /// <summary>Something stopped, or will within hours.</summary>
    Critical,
}

/// <summary>A kind of notification, as people meet it on the page Notifications.</summary>
/// <param name="Code">In the log, in preferences, in the provider's statistics; never changes.</param>
/// <param name="Name">For people.</param>
/// <param name="About">When it comes, in half a sentence.</param>
/// <param name="Severity">Unless the writer says otherwise.</param>
/// <param name="Href">The page on which something can be done about it.</param>
public sealed record MailKind(string Code, string Name, string About, NoticeSeverity Severity, string Href);

/// <summary>The closed table of kinds. Every one is on until a person switches it off; a new mail needs a line here.</summary>
public static class MailKinds
{
    public const string LowBalance = "low_balance";
    public const string UpcomingCharges = "upcoming_charges";
    public const string Budget = "budget";
    public const string PhoneSuspended = "phone_suspended";
    public const string PhoneResumed = "phone_resumed";
    public const string PhoneGrace = "phone_grace";
    public const string RechargeAhead = "recharge_ahead";
    public const string RechargeAdjusted = "recharge_adjusted";
    public const string CreditsExpiring = "credits_expiring";
    public const string PaymentFailed = "payment_failed";
    public const string Invoice = "invoice";
    public const string InvoiceOverdue = "invoice_overdue";
    public const string StatementReady = "statement_ready";
    public const string Adjustment = "adjustment";
    public const string WebhookDisabled = "webhook_disabled";

    /// <summary>The test mail: always sent, never listed, leaves no notification.</summary>
    public const string Test = "test";

    /// <summary>To one person, with a secret in it: always sent, listed nowhere, never sent again from the log.</summary>
    public const string Invitation = "invitation";

    private static readonly MailKind InvitationMail =
        new(Invitation, "Invitation", "when an owner invites somebody", NoticeSeverity.Info, "/team");

    private static readonly MailKind TestMail =
        new(Test, "Test", "when somebody asks for one", NoticeSeverity.Info, "/notifications");

    public static IReadOnlyList<MailKind> All { get; } =
    [
        new(LowBalance, "Low balance", "when the balance falls to a lower level, and a day later if it stays there",
            NoticeSeverity.Warning, "/buy"),
        new(UpcomingCharges, "Upcoming charges", "three days before phone numbers renew",
            NoticeSeverity.Info, "/numbers"),
        new(Budget, "Budgets", "when a share of a monthly budget is used, once per share and month",
            NoticeSeverity.Warning, "/analytics/budgets"),
        new(PhoneSuspended, "Phone number suspended", "at once, when a number could not be renewed",
            NoticeSeverity.Critical, "/numbers"),
        new(PhoneResumed, "Phone number back in service", "when a top-up has paid for a suspended number",
            NoticeSeverity.Info, "/numbers"),
        new(PhoneGrace, "Phone number on grace days", "when a rent waits for a payment that has failed",
            NoticeSeverity.Warning, "/numbers"),
        new(RechargeAhead, "Auto-recharge ahead", "some hours before a likely recharge, where its rule asks for it",
            NoticeSeverity.Info, "/auto-recharge"),
        new(RechargeAdjusted, "Smart mode changed a rule", "when it moved a rule noticeably",
            NoticeSeverity.Info, "/auto-recharge"),
        new("recharge_succeeded", "Auto-recharge succeeded", "with the receipt", NoticeSeverity.Info, "/auto-recharge"),
        new("recharge_declined", "Auto-recharge failed", "at the first decline of a series",
            NoticeSeverity.Warning, "/cards"),
        new("recharge_authentication", "Payment needs you", "when the bank asks the cardholder to confirm",
            NoticeSeverity.Critical, "/auto-recharge"),
        new("recharge_paused", "Auto-recharge switched off", "after repeated declines or unusual usage",
            NoticeSeverity.Critical, "/auto-recharge"),
        new("recharge_limit", "Monthly recharge limit", "at 80, 90 and 100 % of the limit",
            NoticeSeverity.Warning, "/auto-recharge"),
        new("card_expiring", "Card expiring", "30 and 7 days before", NoticeSeverity.Warning, "/cards"),
        new("receipt", "Receipts", "for every purchase", NoticeSeverity.Info, "/transactions"),
        new(PaymentFailed, "Payment failed", "when a payment that was with the bank does not go through",
            NoticeSeverity.Warning, "/buy"),
        new("refund", "Refund", "when a payment, or part of it, goes back to the card",
            NoticeSeverity.Info, "/transactions"),
        new("dispute", "Disputed payment", "when a cardholder objects to a payment, and when the bank has decided",
            NoticeSeverity.Critical, "/transactions"),
        new(Adjustment, "Adjustment by support", "when support gives or takes credits or funds",
            NoticeSeverity.Info, "/transactions"),
        new(Invoice, "Invoices", "when one is issued, falls due or is taken back", NoticeSeverity.Info, "/invoices"),
        new(InvoiceOverdue, "Invoice overdue", "a week and two weeks after its due day",
            NoticeSeverity.Warning, "/invoices"),
        new(CreditsExpiring, "Credits expiring", "a week before bonus or promotional credits expire",
            NoticeSeverity.Info, "/transactions"),
        new(WebhookDisabled, "Webhook endpoint disabled", "after days of failure, or when it asks not to be called",
            NoticeSeverity.Warning, "/webhooks"),
        new(StatementReady, "Statement ready", "once a month in which something was booked", NoticeSeverity.Info, "/statements"),
    ];

    private static readonly Dictionary<string, MailKind> ByCode =
        All.Append(TestMail).Append(InvitationMail).ToDictionary(kind => kind.Code, StringComparer.Ordinal);

    public static bool IsKnown(string code) => ByCode.ContainsKey(code);

    /// <exception cref="InvalidOperationException">The table has no such kind.</exception>
    public static MailKind Of(string code) => ByCode.TryGetValue(code, out var kind)
        ? kind
        : throw new InvalidOperationException($"There is no mail kind '{code}': add it to {nameof(MailKinds)}.");

    /// <summary>The kind's name, or the code itself for rows of another build.</summary>
    public static string NameOf(string code) => ByCode.TryGetValue(code, out var kind) ? kind.Name : code;
}
