using BillingPortal.Alerts;
using BillingPortal.Components.Shared;

namespace BillingPortal.Notifications;

/// <summary>Words for what became of mails and what to do about notifications.</summary>
internal static class MailText
{
    public static string State(EmailState state) => state switch
    {
        EmailState.Pending => "Being sent",
        EmailState.Sent => "Sent",
        EmailState.Delivered => "Delivered",
        EmailState.Bounced => "Bounced",
        EmailState.Complained => "Marked as spam",
        EmailState.Suppressed => "Blocked",
        EmailState.Failed => "Not sent",
        EmailState.Withheld => "Held back",
    };

    public static StatusTone Tone(EmailState state) => state switch
    {
        EmailState.Delivered => StatusTone.Good,
        EmailState.Pending or EmailState.Sent => StatusTone.Info,
        EmailState.Withheld => StatusTone.Warning,
        EmailState.Bounced or EmailState.Complained or EmailState.Suppressed or EmailState.Failed => StatusTone.Bad,
    };

    /// <summary>A sentence below the state; null where the state says it all.</summary>
    public static string? Detail(MailRow mail) => mail.State switch
    {
        EmailState.Withheld => "This address was not written to, because earlier mail did not reach it.",
        EmailState.Pending when mail.Error is not null => "It could not be sent yet and is tried again.",
        _ => mail.Error,
    };

    public static string WhyFlagged(FlagReason reason) => reason switch
    {
        FlagReason.Bounced => "There is no such mailbox, so nothing more is sent there.",
        FlagReason.Complained => "A mail of ours was marked as spam there, so nothing more is sent.",
        FlagReason.Suppressed => "Our mail provider has it on its block list, so nothing more is sent there.",
    };

    public static string WhatToDo(FlagReason reason) => reason switch
    {
        FlagReason.Bounced => "Correct the address, or say that it works again once the mailbox exists.",
        FlagReason.Complained => "Ask its owner to take our mail out of the spam folder, then say that it works again.",
        FlagReason.Suppressed => "If it keeps being blocked after you say that it works again, ask our support to lift the block.",
    };

    /// <summary>The link's words, by the page it leads to.</summary>
    public static string Action(Notification notice) => notice.Link switch
    {
        "/buy" => "Add to the balance",
        "/cards" => "See your cards",
        "/numbers" or "/phone-numbers" => "See your numbers",
        "/auto-recharge" => "See auto-recharge",
        "/transactions" => "See transactions",
        "/analytics/budgets" => "See your budgets",
        _ => "Look at it",
    };
}
