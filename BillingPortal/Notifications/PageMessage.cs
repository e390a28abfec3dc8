using BillingPortal.Alerts;
using BillingPortal.Components.Shared;

namespace BillingPortal.Notifications;

/// <summary>What the page says about the last thing a person did.</summary>
internal sealed record PageMessage(StatusTone Tone, string Title, string Text)
{
    /// <summary>One address after the other, the worst news giving the tone.</summary>
    public static PageMessage OfTest(IReadOnlyList<MailRow> tests)
    {
        var tone = tests.Any(mail => MailText.Tone(mail.State) is StatusTone.Bad) ? StatusTone.Bad
            : tests.Any(mail => mail.State is EmailState.Withheld) ? StatusTone.Warning
            : tests.All(mail => mail.State is EmailState.Delivered) ? StatusTone.Good
            : StatusTone.Info;
        return new PageMessage(
            tone, "Test mail:",
            string.Join(", ", tests.Select(mail => $"{mail.To}: {MailText.State(mail.State).ToLowerInvariant()}")) + ".");
    }
}
