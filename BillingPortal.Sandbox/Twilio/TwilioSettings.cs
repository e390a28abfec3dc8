using BillingPortal.Sandbox.Twilio.Messages;

namespace BillingPortal.Sandbox.Twilio;

/// <summary>How Twilio behaves here; can be switched while running, and a restart forgets the switches.</summary>
internal sealed class TwilioSettings(SandboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly List<FateRule> _fates = [];

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

    /// <summary>What becomes of the next messages, before their numbers are looked at.</summary>
    public IReadOnlyList<FateRule> Fates
    {
        get
        {
            lock (_gate)
            {
                return [.. _fates];
            }
        }
    }

    public void Add(FateRule rule)
    {
        lock (_gate)
        {
            _fates.Add(rule);
        }
    }

    /// <summary>Uses up one of the oldest rule's times, if a rule fits.</summary>
    public Fate? TakeFate(string recipient)
    {
        lock (_gate)
        {
            var place = _fates.FindIndex(rule => rule.To is null || rule.To == recipient);
            if (place < 0)
            {
                return null;
            }

            var rule = _fates[place];
            if (rule.Count <= 1)
            {
                _fates.RemoveAt(place);
            }
            else
            {
                _fates[place] = rule with { Count = rule.Count - 1 };
            }

            return new Fate(rule.Status, rule.ErrorCode, "as told");
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _fates.Clear();
        }

        SentSeconds = options.SmsSentSeconds;
        FinalSeconds = options.SmsFinalSeconds;
        SendingCallbacks = false;
        EarlyCallbacks = false;
        AdvancedOptOut = false;
    }
}

/// <summary>The end of the next <see cref="Count"/> messages, to one recipient or to anybody.</summary>
internal sealed record FateRule
{
    public required string Status { get; init; }

    public int? ErrorCode { get; init; }

    public int Count { get; init; } = 1;

    public string? To { get; init; }
}
