using BillingPortal.Kernel;

namespace BillingPortal.Messaging;

/// <summary>New rows of messages, as they are before anybody else has heard of them. Pure but for the id.</summary>
internal static class SmsRecords
{
    public static SmsMessage Outbound(
        Guid tenantId, string number, string peer, string body, Amount price, DateTimeOffset now,
        DateTimeOffset checkAt, Guid? requestKey, Guid? replyTo = null) => new()
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Direction = SmsDirection.Outbound,
            Number = number,
            Peer = peer,
            Country = CountryPrefixes.CountryOf(peer),
            Body = body,
            Segments = SmsSegments.Measure(body).Segments,
            State = SmsState.Recorded,
            Payment = price.IsZero ? SmsPayment.Free : SmsPayment.Held,
            Unit = price.Unit,
            PriceE4 = price.E4,
            HoldId = price.IsZero ? null : Ids.New(),
            ReplyToId = replyTo,
            RequestKey = requestKey,
            CreatedAt = now,
            UpdatedAt = now,
            CheckAt = checkAt,
        };

    public static SmsMessage Inbound(InboundSms sms, Guid tenantId, Amount price, DateTimeOffset now) => new()
    {
        Id = Ids.New(),
        TenantId = tenantId,
        Direction = SmsDirection.Inbound,
        Number = sms.To,
        Peer = sms.From,
        Country = CountryOf(sms),
        // PostgreSQL's text has no place for a zero.
        Body = sms.Body.Replace('\0', '\uFFFD'),
        Segments = sms.Segments is > 0 ? sms.Segments.Value : Math.Max(1, SmsSegments.Measure(sms.Body).Segments),
        State = SmsState.Received,
        Payment = price.IsZero ? SmsPayment.Free : SmsPayment.Unpaid,
        Unit = price.Unit,
        PriceE4 = price.E4,
        ProviderSid = sms.Sid,
        CreatedAt = sms.ReceivedAt,
        UpdatedAt = now,
    };

    public static SmsStep FirstStepOf(SmsMessage message) => new()
    {
        MessageId = message.Id,
        State = message.State,
        TenantId = message.TenantId,
        At = message.CreatedAt,
    };

    private static string CountryOf(InboundSms sms) =>
        CountryPrefixes.CountryOf(sms.From) is var country && country != CountryPrefixes.Unknown ? country
            : sms.FromCountry is { Length: 2 } told && CountryPrefixes.Countries.Contains(told) ? told
            : CountryPrefixes.Unknown;
}
