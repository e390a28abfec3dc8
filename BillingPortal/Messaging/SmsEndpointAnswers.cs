using BillingPortal.Data;

namespace BillingPortal.Messaging;

/// <summary>The answer to a message that was sent.</summary>
public sealed record SmsSent(
    bool Success, string? MessageSid, string Status, decimal CreditsDeducted, string From, string To)
{
    public static SmsSent Of(SmsMessage message) => new(
        true, message.ProviderSid, TextCodes.Of(message.State),
        message.Payment is SmsPayment.Charged ? message.Price.ToDecimal() : 0, message.From, message.To);
}

/// <summary>The answer of <c>GET /api/sms/messages</c>.</summary>
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next older page; null at the end.</param>
public sealed record SmsMessagesAnswer(IReadOnlyList<SmsStatsMessage> Messages, string? NextCursor);

/// <summary>The month's figures and the newest messages.</summary>
public sealed record SmsStats(
    SmsStatsMonth CurrentMonth, SmsStatsBreakdown Breakdown, IReadOnlyList<SmsStatsMessage> RecentMessages,
    SmsStatsPeriod Period)
{
    public static SmsStats Of(SmsMonth month, IReadOnlyList<SmsMessage> recent) => new(
        new(month.Sent, month.Received, (month.SentCredits + month.ReceivedCredits).ToDecimal(), month.SuccessRate),
        new(month.SentCredits.ToDecimal(), month.ReceivedCredits.ToDecimal()),
        [.. recent.Select(SmsStatsMessage.Of)], new(month.Start, month.End));
}

/// <summary>Counts of the month; <c>SuccessRate</c> is delivered of sent in whole per cent.</summary>
public sealed record SmsStatsMonth(int Sent, int Received, decimal CreditsSpent, int SuccessRate);

/// <summary>What was spent, in the unit of the tenant's plan, refunds taken off.</summary>
public sealed record SmsStatsBreakdown(decimal SentCredits, decimal ReceivedCredits);

/// <summary>From the first moment of the month to the first of the next, UTC.</summary>
public sealed record SmsStatsPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>One of the newest messages.</summary>
public sealed record SmsStatsMessage(
    Guid Id, string? MessageSid, string Direction, string From, string To, string Message, string Status, int? ErrorCode,
    int Segments, decimal Credits, DateTimeOffset CreatedAt)
{
    public static SmsStatsMessage Of(SmsMessage message) => new(
        message.Id, message.ProviderSid, TextCodes.Of(message.Direction), message.From, message.To, message.Body,
        TextCodes.Of(message.State), message.ErrorCode, message.Segments,
        message.Payment is SmsPayment.Charged ? message.Price.ToDecimal() : 0, message.CreatedAt);
}
