using BillingPortal.Kernel;

namespace BillingPortal.TenantWebhooks.Events;

/// <summary><c>balance.low</c>. Levels: <c>good</c>, <c>low</c>, <c>warning</c>, <c>critical</c>.</summary>
/// <param name="Threshold">What the levels are measured by.</param>
public sealed record BalanceLowData(string Level, string PreviousLevel, Amount Available, Amount Threshold);

/// <summary><c>recharge.succeeded</c>.</summary>
/// <param name="RechargeId">Also the purchase's id.</param>
/// <param name="Trigger"><c>crossing</c>, <c>sweep</c> or <c>manual</c>.</param>
public sealed record RechargeSucceededData(
    Guid RechargeId, string Trigger, Amount Bought, Amount Bonus, Amount Price, Amount Available);

/// <summary><c>recharge.failed</c>.</summary>
/// <param name="Reason">The bank's or the provider's code, for example <c>insufficient_funds</c>.</param>
/// <param name="FailuresInARow">This one included.</param>
/// <param name="NextTryAt">Null: none is planned.</param>
public sealed record RechargeFailedData(
    Guid RechargeId, string Trigger, Amount Bought, Amount Price, string? Reason, int FailuresInARow, DateTimeOffset? NextTryAt);

/// <summary><c>recharge.action_required</c>.</summary>
/// <param name="ConfirmUrl">The page on which a person who is signed in confirms the payment with the bank.</param>
public sealed record RechargeActionData(
    Guid RechargeId, Amount Bought, Amount Price, string ConfirmUrl, DateTimeOffset? ExpiresAt);

/// <summary><c>recharge.paused</c>.</summary>
/// <param name="Reason"><c>failures</c> or <c>spike</c>.</param>
/// <param name="RechargeId">The last attempt, where failures are the reason.</param>
public sealed record RechargePausedData(string Reason, int FailuresInARow, Guid? RechargeId);

/// <summary><c>purchase.settled</c>.</summary>
/// <param name="Kind"><c>on_session</c>, <c>checkout</c>, <c>auto_recharge</c> or <c>bank_transfer</c>.</param>
/// <param name="InvoiceId">The invoice that was paid, if it was one.</param>
public sealed record PurchaseSettledData(
    Guid PurchaseId, string Kind, Amount Bought, Amount Bonus, Amount Price, string ReceiptNumber, Guid? InvoiceId);

/// <summary><c>number.suspended</c>.</summary>
/// <param name="Needed">What a top-up must bring.</param>
public sealed record NumberSuspendedData(Guid NumberId, string Number, Amount? Needed, DateTimeOffset NextTryAt);

/// <summary><c>number.resumed</c>.</summary>
public sealed record NumberResumedData(Guid NumberId, string Number, Amount? Paid, DateTimeOffset PaidUntil);

/// <summary><c>statement.ready</c>.</summary>
/// <param name="Month">For example <c>2026-10</c>.</param>
public sealed record StatementReadyData(string Month, IReadOnlyList<StatementAccountData> Accounts);

/// <summary>One account's statement in <see cref="StatementReadyData"/>; the files need a session or a key with scope read.</summary>
public sealed record StatementAccountData(Amount Opening, Amount Closing, string PdfUrl, string CsvUrl);

/// <summary><c>webhook.test</c>.</summary>
public sealed record TestData(string Note);
