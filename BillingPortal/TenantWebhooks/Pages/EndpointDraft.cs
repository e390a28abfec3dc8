using BillingPortal.TenantWebhooks.Endpoints;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>What stands in the form for an endpoint, and what is wrong with it, field by field.</summary>
public sealed class EndpointDraft
{
    private readonly HashSet<string> _events = new(StringComparer.Ordinal);

    /// <summary>A new endpoint.</summary>
    public EndpointDraft()
    {
    }

    /// <summary>A change of this one.</summary>
    public EndpointDraft(WebhookEndpoint endpoint)
    {
        (IsNew, Url, Description, AllEvents) = (false, endpoint.Url, endpoint.Description, endpoint.Events.Length == 0);
        _events.UnionWith(endpoint.Events);
    }

    public bool IsNew { get; } = true;

    public string? Url { get; set; }

    public string? Description { get; set; }

    public bool AllEvents { get; set; } = true;

    public string? UrlFault { get; private set; }

    public string? DescriptionFault { get; private set; }

    public string? EventsFault { get; private set; }

    /// <summary>What no field can mend.</summary>
    public string? Fault { get; private set; }

    internal EndpointWish Wish => new(Url, Description, AllEvents, _events);

    public bool Has(string code) => _events.Contains(code);

    public void Set(string code, bool isOn)
    {
        if (isOn)
        {
            _events.Add(code);
        }
        else
        {
            _events.Remove(code);
        }
    }

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(EndpointResult result, int endpointsMax)
    {
        var words = EndpointTexts.RefusalOf(result, endpointsMax);
        UrlFault = result.Outcome is EndpointOutcome.BadAddress ? words : null;
        DescriptionFault = result.Outcome is EndpointOutcome.DescriptionTooLong ? words : null;
        EventsFault = result.Outcome is EndpointOutcome.NoEvents ? words : null;
        Fault = result.Outcome is EndpointOutcome.TooMany or EndpointOutcome.NotAllowed or EndpointOutcome.NotThere ? words : null;
        return result.Outcome is not EndpointOutcome.Done;
    }
}
