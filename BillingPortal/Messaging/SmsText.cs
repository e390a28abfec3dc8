using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Messaging;

/// <summary>States, payments and countries in the words of the portal.</summary>
public static class SmsText
{
    public static string Name(SmsDirection direction) => direction switch
    {
        SmsDirection.Outbound => "Sent",
        SmsDirection.Inbound => "Received",
    };

    public static string Name(SmsState state) => state switch
    {
        SmsState.Recorded => "Being sent",
        SmsState.Unknown => "Being looked up",
        SmsState.Queued => "Queued",
        SmsState.Sending => "Sending",
        SmsState.Sent => "Sent",
        SmsState.Delivered => "Delivered",
        SmsState.Undelivered => "Not delivered",
        SmsState.Failed => "Failed",
        SmsState.Refused => "Not sent",
        SmsState.Received => "Received",
    };

    public static StatusTone Tone(SmsState state) => state switch
    {
        SmsState.Recorded or SmsState.Queued or SmsState.Sending or SmsState.Sent => StatusTone.Info,
        SmsState.Unknown => StatusTone.Warning,
        SmsState.Delivered => StatusTone.Good,
        SmsState.Undelivered or SmsState.Failed or SmsState.Refused => StatusTone.Bad,
        SmsState.Received => StatusTone.Neutral,
    };

    /// <summary>One step of a timeline, as a sentence without its time.</summary>
    public static string Step(SmsState state) => state switch
    {
        SmsState.Recorded => "Recorded, its price reserved",
        SmsState.Unknown => "No answer from the provider: looked up, never sent twice",
        SmsState.Queued => "Taken by the provider",
        SmsState.Sending => "On its way to the network",
        SmsState.Sent => "Given to the network",
        SmsState.Delivered => "Arrived on the phone",
        SmsState.Undelivered => "Not delivered by the network",
        SmsState.Failed => "Given up by the provider",
        SmsState.Refused => "Not taken by the provider",
        SmsState.Received => "Received",
    };

    /// <summary>What became of the message's price, in one sentence.</summary>
    public static string Payment(SmsMessage message)
    {
        var price = AmountFormat.Text(new(message.PriceE4, message.Unit));
        return message.Payment switch
        {
            SmsPayment.Free => "It costs nothing.",
            SmsPayment.Held => $"{price} reserved until it is known whether it was sent.",
            SmsPayment.Charged when message.ReservationId is not null => $"{price}, settled with its month.",
            SmsPayment.Charged => $"{price} charged.",
            SmsPayment.Released when message.State is SmsState.Refused => "Nothing was charged: it was not sent.",
            SmsPayment.Released => "Nothing was charged: it did not arrive.",
            SmsPayment.Refunded when message.ReservationId is not null =>
                $"{price}, settled with its month, were given back at once, because it did not arrive.",
            SmsPayment.Refunded => $"{price} charged and given back, because it did not arrive.",
            SmsPayment.Unpaid => $"{price} unpaid: the balance did not cover it. The next top-up pays it.",
        };
    }

    /// <summary>The same in a word or two, for a table; null where the price says it all.</summary>
    public static string? PaymentMark(SmsPayment payment) => payment switch
    {
        SmsPayment.Free => "free",
        SmsPayment.Held => "reserved",
        SmsPayment.Released => "not charged",
        SmsPayment.Refunded => "given back",
        SmsPayment.Unpaid => "unpaid",
        SmsPayment.Charged => null,
    };

    /// <summary>English name of an ISO 3166 code.</summary>
    public static string Country(string code)
    {
        if (code == "ZZ")
        {
            return "Other or unknown";
        }

        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }

    /// <summary>"1 message", "1,204 messages".</summary>
    public static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"98 %", or a dash where nothing was sent.</summary>
    public static string Rate(SmsSums sums) =>
        sums.DeliveredRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate} %") : "–";
}
