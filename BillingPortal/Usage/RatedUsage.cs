using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;

namespace BillingPortal.Usage;

/// <summary>One event of one tenant with its price: what the ledger is asked to debit, and under which key.</summary>
/// <param name="Counted">The quantity as the price counts it: started units as whole ones where it says so.</param>
internal sealed record RatedUsage(
    Guid TenantId, Guid Key, UsageEvent Event, DateTimeOffset OccurredAt, Amount Amount, decimal Counted, string Rate)
{
    public const string Cause = "usage_event";

    /// <summary>One key per tenant, service and reference: an event and a hold for it can never both be paid.</summary>
    public static Guid KeyOf(Guid tenantId, string service, string reference) =>
        Ids.FromName("usage", tenantId.ToString(), service, reference);

    public static CounterAccount CounterOf(string service) => service switch
    {
        ServiceCodes.Voice => CounterAccount.VoiceRevenue,
        ServiceCodes.SmsOutbound or ServiceCodes.SmsInbound => CounterAccount.SmsRevenue,
        ServiceCodes.Email => CounterAccount.EmailRevenue,
        ServiceCodes.Fax => CounterAccount.FaxRevenue,
        ServiceCodes.FileTransfer => CounterAccount.FileTransferRevenue,
        _ => throw new ArgumentException($"{service} is not a usage service.", nameof(service)),
    };

    /// <summary>Null: not offered on that plan at that time.</summary>
    public static RatedUsage? From(TenantUsage usage, PriceSnapshot prices, DateTimeOffset now)
    {
        var (tenantId, plan, reported) = usage;
        var occurredAt = reported.OccurredAt ?? now;
        return prices.Find(tenantId, plan, reported.Service, occurredAt) is { } price
            ? new RatedUsage(
                tenantId, KeyOf(tenantId, reported.Service, reported.ReferenceId), reported, occurredAt,
                price.Rate(reported.Quantity), price.Count(reported.Quantity), price.ToText())
            : null;
    }

    public Posting ToPosting() => new()
    {
        TenantId = TenantId,
        Operation = LedgerOperation.Debit,
        Amount = Amount,
        Kind = EntryKind.Usage,
        Counter = CounterOf(Event.Service),
        Key = Key,
        CauseType = Cause,
        OccurredAt = OccurredAt,
        Reference = Event.ReferenceId,
        Service = Event.Service,
        Note = Event.MeasuredSeconds is { } measured
            ? UsageTexts.DescribeCall(measured, Counted)
            : UsageTexts.Describe(Event.Service, Event.Quantity),
    };
}
