using BillingPortal.Providers.Sms;

namespace BillingPortal.Messaging;

/// <summary>How a message moves: forward only, and never again once it has come to an end. Pure.</summary>
public static class SmsStatePolicy
{
    public static bool IsFinal(this SmsState state) => state
        is SmsState.Delivered or SmsState.Undelivered or SmsState.Failed or SmsState.Refused or SmsState.Received;

    /// <summary>The provider has taken it, whatever became of it then.</summary>
    public static bool IsTaken(this SmsState state) => state is SmsState.Queued or SmsState.Sending or SmsState.Sent
        or SmsState.Delivered or SmsState.Undelivered or SmsState.Failed;

    /// <summary>The provider took it and it did not arrive.</summary>
    public static bool IsFailure(this SmsState state) => state is SmsState.Undelivered or SmsState.Failed;

    public static bool Moves(SmsState from, SmsState to) => !from.IsFinal() && Rank(to) > Rank(from);

    /// <summary>Null for what only inbound messages have.</summary>
    public static SmsState? Of(SmsStatus status) => status switch
    {
        SmsStatus.Queued or SmsStatus.Accepted or SmsStatus.Scheduled => SmsState.Queued,
        SmsStatus.Sending => SmsState.Sending,
        SmsStatus.Sent => SmsState.Sent,
        SmsStatus.Delivered or SmsStatus.Read or SmsStatus.PartiallyDelivered => SmsState.Delivered,
        SmsStatus.Undelivered => SmsState.Undelivered,
        SmsStatus.Failed or SmsStatus.Canceled => SmsState.Failed,
        SmsStatus.Receiving or SmsStatus.Received => null,
    };

    private static int Rank(SmsState state) => state switch
    {
        SmsState.Recorded => 0,
        SmsState.Unknown => 1,
        SmsState.Queued => 2,
        SmsState.Sending => 3,
        SmsState.Sent => 4,
        SmsState.Delivered or SmsState.Undelivered or SmsState.Failed or SmsState.Refused => 5,
        SmsState.Received => 6,
    };
}
