using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Usage;

namespace BillingPortal.Messaging;

/// <summary>
/// What messages ask of the ledger, each step under a key of its own. A message's charge has the key of a usage event
/// with the provider's id as reference: whoever reports it as usage as well is not charged twice.
/// </summary>
internal static class SmsPostings
{
    public const string Cause = "sms";

    public static Posting HoldOf(SmsMessage message) => Of(message, ServiceCodes.SmsOutbound) with
    {
        Operation = LedgerOperation.Hold,
        Key = RatedUsage.KeyOf(message.TenantId, ServiceCodes.SmsOutbound, message.Id.ToString()),
        Reference = message.Id.ToString(),
        HoldId = message.HoldId,
    };

    public static Posting CaptureOf(SmsMessage message, string sid) => Of(message, ServiceCodes.SmsOutbound) with
    {
        Operation = LedgerOperation.Capture,
        Key = RatedUsage.KeyOf(message.TenantId, ServiceCodes.SmsOutbound, sid),
        Reference = sid,
        HoldId = message.HoldId,
    };

    public static Posting ReleaseOf(SmsMessage message) => Of(message, ServiceCodes.SmsOutbound) with
    {
        Operation = LedgerOperation.Release,
        Key = Ids.FromName("sms-release", message.Id.ToString()),
        HoldId = message.HoldId,
    };

    public static Posting RefundOf(SmsMessage message, DateTimeOffset now) => Of(message, ServiceCodes.SmsOutbound) with
    {
        Operation = LedgerOperation.Credit,
        Kind = EntryKind.Refund,
        Key = Ids.FromName("sms-refund", message.Id.ToString()),
        Reference = message.ProviderSid,
        ReversesSeq = message.EntrySeq,
        OccurredAt = now,
        Note = $"SMS not delivered, {Ending(message)}",
    };

    public static Posting DebitOf(SmsMessage inbound) => Of(inbound, ServiceCodes.SmsInbound) with
    {
        Operation = LedgerOperation.Debit,
        Kind = EntryKind.Usage,
        Key = RatedUsage.KeyOf(inbound.TenantId, ServiceCodes.SmsInbound, inbound.ProviderSid!),
        Reference = inbound.ProviderSid,
        Note = $"SMS received, {Ending(inbound)}",
    };

    private static Posting Of(SmsMessage message, string service) => new()
    {
        TenantId = message.TenantId,
        Operation = LedgerOperation.Hold,
        Amount = message.Price,
        Kind = EntryKind.HoldCapture,
        Counter = RatedUsage.CounterOf(service),
        Key = message.Id,
        CauseType = Cause,
        CauseId = message.Id.ToString(),
        OccurredAt = message.CreatedAt,
        Service = service,
        Note = $"SMS sent, {Ending(message)}",
    };

    // Entries stay for good: neither texts nor whole numbers of people belong there.
    private static string Ending(SmsMessage message) =>
        message.Peer.Length > 4 && message.Peer[0] == '+'
            ? $"{message.Country}, number ending in {message.Peer[^4..]}"
            : message.Country;
}
