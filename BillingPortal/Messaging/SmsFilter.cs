namespace BillingPortal.Messaging;

/// <summary>Which messages a list or file shows. Null means: all.</summary>
/// <param name="From">First instant, by when they were recorded here.</param>
/// <param name="To">First instant no longer included.</param>
/// <param name="Number">One of the tenant's numbers, E.164.</param>
/// <param name="Country">ISO 3166 code of the other side.</param>
/// <param name="Text">A whole number of the other side, or part of a text or sender.</param>
public sealed record SmsFilter(
    DateTimeOffset From, DateTimeOffset To, SmsDirection? Direction, SmsState? State, string? Number, string? Country,
    string? Text)
{
    /// <summary>Only the period is limited.</summary>
    public bool IsPeriodOnly => this is { Direction: null, State: null, Number: null, Country: null, Text: null };
}

/// <summary>A judged query: either what to read, or a refusal that says what to change.</summary>
/// <param name="FirstDay">The period as days in the tenant's zone, both included.</param>
public sealed record SmsRequest(
    SmsFilter Filter, DateOnly FirstDay, DateOnly LastDay, SmsCursor? Cursor, string? Refusal);
