using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Control;

/// <summary>How much to reset.</summary>
internal sealed record ResetRequest(bool State);

/// <summary>Settings that can be changed while running; null leaves one as it is.</summary>
internal sealed record SettingsChange(string? PortalUrl, bool? ResendWebhooks);

/// <summary>The settings in force.</summary>
internal sealed record SettingsView(string PortalUrl, bool ResendWebhooks, bool Hold, IReadOnlyList<WebhookRule> Rules)
{
    public static SettingsView Of(WebhookSettings settings) =>
        new(settings.PortalUrl, settings.ResendEnabled, settings.Hold, settings.Rules);
}

/// <summary>What is to happen to an email: delivered, bounced, complained, opened and so on.</summary>
internal sealed record EmailEvent(string Event);

/// <summary><c>complete</c> or <c>fail</c>.</summary>
internal sealed record ChallengeAnswer(string Outcome);

/// <summary><c>succeeded</c> or <c>failed</c>.</summary>
internal sealed record PaymentDecision(string Outcome);

/// <summary>A decline code from now on (empty heals), or a new expiry date.</summary>
internal sealed record CardChange(string? Decline, int? ExpMonth, int? ExpYear);

/// <summary>In which order held webhooks leave: <c>fifo</c> or <c>reverse</c>.</summary>
internal sealed record ReleaseRequest(string? Order);
