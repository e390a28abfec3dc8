using BillingPortal.Alerts;

namespace BillingPortal.Notifications.Log;

/// <summary>Words of the log for staff. Pure.</summary>
internal static class MailWords
{
    /// <summary>Why it can, or cannot, be sent again, and what to do instead.</summary>
    public static string Repeat(RepeatOutcome outcome) => outcome switch
    {
        RepeatOutcome.Queued => "It is being sent again, as a new mail.",
        RepeatOutcome.UnknownEmail => "There is no such mail any more.",
        RepeatOutcome.StillPending => "It is still being sent, and tried again by itself: sending it again would send it twice.",
        RepeatOutcome.HoldsSecret => "It was made for one person and may hold a link that lets somebody in. Such a mail is "
            + "never sent again: the person asks for a new one on the page where it came from.",
        RepeatOutcome.Flagged => "Mail does not reach this address. The tenant corrects it, or says on the page Notifications "
            + "that it works again.",
        RepeatOutcome.NotTheirs => "This address belongs to nobody of the tenant any more.",
        RepeatOutcome.TooOften => $"It was sent again {MailRepeats.PerDayMax} times within a day. Ask the tenant to look into "
            + "the spam folder.",
    };

    /// <summary>What the state means for somebody on the phone.</summary>
    public static string Meaning(EmailState state) => state switch
    {
        EmailState.Pending => "It is being sent, and tried again by itself for about a day.",
        EmailState.Sent => "Our mail provider has it; the recipient's server has not said anything yet.",
        EmailState.Delivered => "The recipient's server took it. If it is not seen, it may lie in the spam folder.",
        EmailState.Bounced => "The recipient's server sent it back.",
        EmailState.Complained => "The recipient called it spam.",
        EmailState.Suppressed => "Our mail provider refuses to write to this address.",
        EmailState.Failed => "It could not be sent.",
        EmailState.Withheld => "It was never sent: earlier mail did not reach this address.",
    };
}
