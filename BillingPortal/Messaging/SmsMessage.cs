using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Messaging;

/// <summary>Which way a message went, seen from the tenant.</summary>
public enum SmsDirection
{
    Outbound = 1,
    Inbound,
}

/// <summary>Where a message stands. It moves forward only; the last four are final, and so is <see cref="Received"/>.</summary>
public enum SmsState
{
    /// <summary>Recorded with its price held; the provider has not been asked, or has not answered.</summary>
    Recorded = 1,

    /// <summary>The provider's answer was lost: looked up, never sent a second time.</summary>
    Unknown,

    /// <summary>The provider has accepted it.</summary>
    Queued,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,

    /// <summary>The provider did not take it; nothing was charged.</summary>
    Refused,

    /// <summary>Inbound.</summary>
    Received,
}

/// <summary>What became of a message's price.</summary>
public enum SmsPayment
{
    /// <summary>It costs nothing.</summary>
    Free = 1,
    Held,
    Charged,

    /// <summary>The hold was given back: it was not sent.</summary>
    Released,

    /// <summary>Charged, then given back: it did not arrive.</summary>
    Refunded,

    /// <summary>An inbound message that the balance did not cover; the next top-up pays it.</summary>
    Unpaid,
}

/// <summary>
/// One SMS, sent or received. Holds at every commit: one row per message of the provider; what it cost stands in the
/// books under its own key, once.
/// </summary>
public sealed class SmsMessage
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required SmsDirection Direction { get; init; }

    /// <summary>The tenant's number, E.164.</summary>
    public required string Number { get; init; }

    /// <summary>The other side: E.164, or for inbound a short code or a name.</summary>
    public required string Peer { get; init; }

    /// <summary>ISO 3166 code of the other side's country; <c>ZZ</c> where it cannot be told.</summary>
    public required string Country { get; init; }

    public required string Body { get; init; }

    /// <summary>The provider's count once known, until then our own.</summary>
    public required int Segments { get; set; }

    public required SmsState State { get; set; }

    public required SmsPayment Payment { get; set; }

    public required Unit Unit { get; init; }

    /// <summary>Price of the message, whatever became of it (<see cref="Payment"/>).</summary>
    public required long PriceE4 { get; init; }

    public Guid? HoldId { get; set; }

    /// <summary>The entry that charged it, in its account; null while nothing is charged, and for what a month's
    /// settlement charges.</summary>
    public long? EntrySeq { get; set; }

    /// <summary>The month's reservation that its price is part of; null where it was debited by itself.</summary>
    public Guid? ReservationId { get; set; }

    /// <summary>The provider's id (<c>SM…</c>); null until it is known.</summary>
    public string? ProviderSid { get; set; }

    /// <summary>The provider's code of what went wrong, for example 30003.</summary>
    public int? ErrorCode { get; set; }

    /// <summary>The inbound message that an automatic reply answers.</summary>
    public Guid? ReplyToId { get; init; }

    /// <summary>When it was recorded here.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it was asked about last, or is to be: the sweep's order.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>How often the provider was asked about it.</summary>
    public int Looks { get; set; }

    /// <summary>
    /// The sender's own key: the same key is one message for a day. Taken away when nothing was sent, so that a repeat
    /// is judged anew.
    /// </summary>
    public Guid? RequestKey { get; set; }

    public Amount Price => new(PriceE4, Unit);

    /// <summary>The provider took it and nobody asks about it any more: whether it arrived will not be known.</summary>
    public bool IsWithoutReport => CheckAt is null && State is (SmsState.Queued or SmsState.Sending or SmsState.Sent);

    /// <summary>Notes by what it is paid: an entry of its own, or the reservation of its month.</summary>
    internal void PaidBy(PostResult posted)
    {
        EntrySeq = posted.Seq == 0 ? null : posted.Seq;
        ReservationId = posted.Seq == 0 ? posted.HoldId : null;
    }

    public string From => Direction is SmsDirection.Outbound ? Number : Peer;

    public string To => Direction is SmsDirection.Outbound ? Peer : Number;
}
