using BillingPortal.Analytics;
using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Documents.Receipts;
using BillingPortal.Documents.Statements;
using BillingPortal.Grants;
using BillingPortal.Invoices;
using BillingPortal.Jobs;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Notifications;
using BillingPortal.PhoneNumbers;
using BillingPortal.Purchases;
using BillingPortal.Settlement;
using BillingPortal.Support;
using BillingPortal.Tenants.Passwords;
using BillingPortal.Tenants.Sessions;
using BillingPortal.Tenants.Throttling;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.Web;
using BillingPortal.Webhooks;
using static BillingPortal.Jobs.ScheduledJob;

namespace BillingPortal;

/// <summary>Every job and its cron (UTC): second, minute, hour, day of month, month, day of week.</summary>
internal static class Schedule
{
    public static IReadOnlyList<ScheduledJob> Jobs { get; } =
    [
        new("auto-recharge-check", "0 0/15 * * * ?", async (services, cancellationToken) =>
        {
            var most = services.GetRequiredService<RechargeOptions>().SweepTenantsMax;
            var sweep = await services.GetRequiredService<AutoRechargeService>().SweepAsync(most, cancellationToken);
            return Counts(
                ("processed", sweep.Processed), ("recharged", sweep.Recharged), ("skipped", sweep.Skipped),
                ("failed", sweep.Failed));
        }),
        // Before the rents of 02:00: a threshold that it raises is asked for before them.
        new("smart-recharge", "0 30 1 * * ?", async (services, cancellationToken) =>
        {
            var most = services.GetRequiredService<RechargeOptions>().SmartTenantsMax;
            var sweep = await services.GetRequiredService<SmartRechargeService>().SweepAsync(most, cancellationToken);
            return Counts(("looked", sweep.Looked), ("changed", sweep.Changed), ("failed", sweep.Failed));
        }),
        new("recharge-notices", "50 0/15 * * * ?", async (services, cancellationToken) =>
        {
            var most = services.GetRequiredService<RechargeOptions>().SmartTenantsMax;
            return Counts(("told", await services.GetRequiredService<RechargeNotices>().SweepAsync(most, cancellationToken)));
        }),
        new("purchase-sweep", "15 * * * * ?", async (services, cancellationToken) =>
            (await services.GetRequiredService<ReconcileService>().SweepUnknownAsync(500, cancellationToken)).Counts),
        new("reconcile", "0 5 * * * ?", async (services, cancellationToken) =>
        {
            var events = await services.GetRequiredService<StripeEventCatchUp>().RunAsync(cancellationToken);
            var open = await services.GetRequiredService<ReconcileService>().ReconcileAsync(5000, cancellationToken);
            return Counts(
                [("events", events.Looked), ("missed", events.Missed), .. open.Counts.Select(pair =>
                    (pair.Key, pair.Value))]);
        }),
        new("balance-alerts", "5 * * * * ?", async (services, cancellationToken) =>
        {
            var report = await services.GetRequiredService<AlertWatch>().SweepAsync(20_000, cancellationToken);
            return Counts(
                ("judged", report.Judged), ("changed", report.Changed), ("mailed", report.Mailed),
                ("failed", report.Failed));
        }),
        new("budgets", "20 * * * * ?", async (services, cancellationToken) =>
        {
            var run = await services.GetRequiredService<BudgetWatch>().SweepAsync(5000, cancellationToken);
            return Counts(("judged", run.Judged), ("told", run.Told), ("failed", run.Failed));
        }),
        new("usage-days", "0 55 * * * ?", async (services, cancellationToken) =>
            Counts(("folded", await services.GetRequiredService<UsageDays>().SweepAsync(200, cancellationToken)))),
        new("recharge-cohorts", "0 50 * * * ?", async (services, cancellationToken) =>
            Counts(("cells", await services.GetRequiredService<CohortCounter>().CountAsync(cancellationToken) ?? 0))),
        new("upcoming-charges", "0 10 * * * ?", async (services, cancellationToken) =>
            Counts(("mails", await services.GetRequiredService<UpcomingCharges>().SweepAsync(5000, cancellationToken)))),
        new("card-expiry", "0 0 9 * * ?", async (services, cancellationToken) =>
            Counts(("cards", await services.GetRequiredService<CardExpiry>().SweepAsync(5000, cancellationToken)))),
        new("grant-expiry", "20 0/15 * * * ?", async (services, cancellationToken) =>
        {
            var sweep = await services.GetRequiredService<GrantExpiry>().SweepAsync(5000, cancellationToken);
            return Counts(("expired", sweep.Expired), ("warned", sweep.Warned), ("failed", sweep.Failed));
        }),
        // On the 1st; on other days it finds nothing, or what the 1st has left.
        new("statements", "0 0 3 * * ?", async (services, cancellationToken) =>
        {
            var run = await services.GetRequiredService<StatementRuns>().RunAsync(100_000, cancellationToken);
            return Counts(("done", run.Done), ("mailed", run.Mailed), ("failed", run.Failed));
        }),
        new("receipts", "0 50 2 * * ?", async (services, cancellationToken) =>
            Counts(("issued", await services.GetRequiredService<ReceiptService>()
                .IssueMissingAsync(tenantId: null, 5000, cancellationToken)))),
        new("invoice-reminders", "0 0 8 * * ?", async (services, cancellationToken) =>
        {
            var run = await services.GetRequiredService<InvoiceReminders>().RunAsync(20_000, cancellationToken);
            return Counts(("overdue", run.Overdue), ("reminded", run.Reminded), ("failed", run.Failed));
        }),
        new("hold-expiry", "30 * * * * ?", async (services, cancellationToken) =>
            Counts(("expired", await services.GetRequiredService<HoldExpiry>().SweepAsync(cancellationToken)))),
        new("phone-rent", "0 0 2 * * ?", async (services, cancellationToken) =>
        {
            var run = await services.GetRequiredService<RentService>().RunAsync(cancellationToken);
            return Counts(
                ("billed", run.Billed), ("suspended", run.Suspended), ("retried", run.Retried), ("resumed", run.Resumed),
                ("kept", run.Kept), ("skipped", run.Skipped), ("failed", run.Failed));
        }),
        // Contract: on the 1st. Daily, so that a 1st on which the portal was down is made up for; other days find nothing.
        new(SettlementEndpoints.Job, "0 0 2 * * ?", async (services, cancellationToken) =>
        {
            var run = await services.GetRequiredService<SettlementService>().RunAsync(cancellationToken);
            return Counts(("settled", run.Settled), ("already", run.Already), ("failed", run.Failed));
        }),
        new("number-sweep", "25 * * * * ?", async (services, cancellationToken) =>
        {
            var (looked, ended, failed) = await services.GetRequiredService<NumberSweep>().RunAsync(200, cancellationToken);
            return Counts(("looked", looked), ("ended", ended), ("failed", failed));
        }),
        new("sms-sweep", "40 * * * * ?", async (services, cancellationToken) =>
        {
            var most = services.GetRequiredService<MessagingOptions>().SweepMax;
            var sweep = await services.GetRequiredService<SmsSweep>().RunAsync(most, cancellationToken);
            return Counts(
                ("looked", sweep.Looked), ("found", sweep.Found), ("notSent", sweep.NotSent), ("failed", sweep.Failed));
        }),
        new("staff-refunds", "35 * * * * ?", async (services, cancellationToken) =>
        {
            var (ended, open) = await services.GetRequiredService<RefundRunner>().SweepAsync(200, cancellationToken);
            var late = await services.GetRequiredService<ApprovalService>().ExpireAsync(200, cancellationToken);
            return Counts(("ended", ended), ("open", open), ("expired", late));
        }),
        new("idempotency-sweep", "45 40 * * * ?", async (services, cancellationToken) =>
            Counts(("removed", await services.GetRequiredService<IdempotencyStore>().SweepAsync(20_000, cancellationToken)))),
        new("session-sweep", "55 25 * * * ?", async (services, cancellationToken) =>
        {
            var sessions = await services.GetRequiredService<SessionService>().SweepAsync(20_000, cancellationToken);
            var links = await services.GetRequiredService<PasswordService>().SweepAsync(20_000, cancellationToken);
            var attempts = await services.GetRequiredService<AttemptThrottle>().SweepAsync(200_000, cancellationToken);
            return Counts(("sessions", sessions), ("links", links), ("attempts", attempts));
        }),
        new("webhook-cleanup", "0 25 4 * * ?", async (services, cancellationToken) =>
            Counts(("removed", await services.GetRequiredService<DeliveryCleanup>().RunAsync(200_000, cancellationToken)))),
        new("ledger-audit", "0 20 * * * ?", async (services, cancellationToken) =>
        {
            var report = await services.GetRequiredService<LedgerAudit>().RunAsync(full: false, cancellationToken);
            return Counts(
                ("accounts", report.Accounts), ("entries", report.Entries), ("violations", report.Violations.Count));
        }),
    ];
}
