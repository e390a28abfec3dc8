namespace BillingPortal.Components.Shared;

/// <summary>How a status feels; the text always says it too.</summary>
public enum StatusTone
{
    Neutral,
    Info,
    Good,
    Warning,
    Bad,
}
