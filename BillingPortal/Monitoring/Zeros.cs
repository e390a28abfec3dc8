using BillingPortal.AutoRecharge;
using BillingPortal.Jobs;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Providers;
using BillingPortal.Purchases;
using BillingPortal.Tenants.SignIn;
using BillingPortal.Webhooks;

namespace BillingPortal.Monitoring;

/// <summary>Counters that an alert looks at stand at zero from the start: otherwise the first of anything would go unseen.</summary>
internal static class Zeros
{
    public static void All(IEnumerable<ScheduledJob> jobs)
    {
        LedgerMetrics.Zero();
        RechargeMetrics.Zero();
        PurchaseMetrics.Zero();
        SmsMetrics.Zero();
        SignInMetrics.Zero();
        ProviderCalls.Zero();
        WebhookReceiver.Zero();
        JobRunner.Zero(jobs);
    }
}
