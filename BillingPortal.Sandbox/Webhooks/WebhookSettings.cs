namespace BillingPortal.Sandbox.Webhooks;

/// <summary>
/// Where webhooks go, and what goes wrong with the next ones. In memory: a restart sends normally again.
/// </summary>
internal sealed class WebhookSettings(SandboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly List<WebhookRule> _rules = [];

    public string PortalUrl { get; set; } = options.PortalUrl;

    public bool ResendEnabled { get; set; } = options.ResendWebhooks;

    /// <summary>While set, nothing leaves until it is released.</summary>
    public bool Hold { get; set; }

    public IReadOnlyList<WebhookRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules];
            }
        }
    }

    public void Add(WebhookRule rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }
    }

    /// <summary>Uses up one of the oldest rule's times, if a rule fits.</summary>
    public WebhookRule? Take(string type)
    {
        lock (_gate)
        {
            var place = _rules.FindIndex(rule => rule.Fits(type));
            if (place < 0)
            {
                return null;
            }

            var rule = _rules[place];
            if (rule.Count <= 1)
            {
                _rules.RemoveAt(place);
            }
            else
            {
                _rules[place] = rule with { Count = rule.Count - 1 };
            }

            return rule;
        }
    }

    public void ClearRules()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    public void Reset()
    {
        ClearRules();
        Hold = false;
        ResendEnabled = options.ResendWebhooks;
    }
}

/// <summary>
/// What happens to the next <see cref="Count"/> events of a type (<c>*</c> at the end stands for anything).
/// </summary>
internal sealed record WebhookRule
{
    public required WebhookMode Mode { get; init; }

    public int Count { get; init; } = 1;

    public string Type { get; init; } = "*";

    /// <summary>The wait of <see cref="WebhookMode.Delay"/>.</summary>
    public int Milliseconds { get; init; } = 5_000;

    public bool Fits(string type) => Type.EndsWith('*')
        ? type.StartsWith(Type[..^1], StringComparison.Ordinal)
        : type == Type;
}

/// <summary>The ways in which a webhook goes wrong.</summary>
internal enum WebhookMode
{
    /// <summary>Never sent; the event stays in the provider's list.</summary>
    Drop,

    /// <summary>Sent twice under one event id.</summary>
    Duplicate,

    /// <summary>Told twice under two event ids, as Stripe may do.</summary>
    Twin,

    /// <summary>Sent late.</summary>
    Delay,

    /// <summary>Kept until the rule's last event has come, then sent newest first.</summary>
    Reorder,
}
