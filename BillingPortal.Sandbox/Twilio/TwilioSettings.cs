namespace BillingPortal.Sandbox.Twilio;

/// <summary>How Twilio behaves here; can be switched while running, and a restart forgets the switches.</summary>
internal sealed class TwilioSettings(SandboxOptions options)
{
    /// <summary>From the answer until the message is with the carrier, on the sandbox's clock.</summary>
    public double SentSeconds { get; set; } = options.SmsSentSeconds;

    /// <summary>From the answer until the carrier reports what became of it.</summary>
    public double FinalSeconds { get; set; } = options.SmsFinalSeconds;

    /// <summary>“sending” is told as well; else only what follows it.</summary>
    public bool SendingCallbacks { get; set; }

    /// <summary>Callbacks arrive before the answer to the call that sent the message.</summary>
    public bool EarlyCallbacks { get; set; }

    /// <summary>The keywords' webhooks carry <c>OptOutType</c>.</summary>
    public bool AdvancedOptOut { get; set; }

    public void Reset()
    {
        SentSeconds = options.SmsSentSeconds;
        FinalSeconds = options.SmsFinalSeconds;
        SendingCallbacks = false;
        EarlyCallbacks = false;
        AdvancedOptOut = false;
    }
}
