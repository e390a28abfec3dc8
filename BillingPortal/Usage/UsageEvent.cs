namespace BillingPortal.Usage;

/// <summary>Something a tenant's customer used, as the source reported it. Understood, not yet rated.</summary>
/// <param name="Service">One of <see cref="Pricing.ServiceCodes.Usage"/>.</param>
/// <param name="Quantity">Greater than zero; minutes may be fractions.</param>
/// <param name="ReferenceId">The source's own id of it: repeats of one reference and service are one event.</param>
/// <param name="OccurredAt">Null: when it is recorded.</param>
/// <param name="Metadata">A JSON object as text, kept as it came for people to read.</param>
public sealed record UsageEvent(
    string Service, decimal Quantity, string ReferenceId, DateTimeOffset? OccurredAt, string? Metadata)
{
    /// <summary>How long a call lasted, where the provider measured it; the entry then says so.</summary>
    public int? MeasuredSeconds { get; init; }
}

/// <summary>Why an event cannot be taken; nothing was recorded. Codes are public.</summary>
public sealed record UsageFault(string Code, string Detail)
{
    public static UsageFault NotAnObject { get; } = new("not_an_object", "An event must be a JSON object.");

    public static UsageFault UnknownService(string allowed) =>
        new("unknown_service", $"service must be one of {allowed}.");

    public static UsageFault NotOffered(string service, string plan) =>
        new("service_not_offered", $"{service} is not offered on the {plan} plan at that time.");

    public static UsageFault Quantity(string detail) => new("invalid_quantity", detail);

    public static UsageFault ReferenceId(string detail) => new("invalid_reference_id", detail);

    public static UsageFault OccurredAt(string detail) => new("invalid_occurred_at", detail);

    public static UsageFault Metadata(string detail) => new("invalid_metadata", detail);

    public static UsageFault UnknownTenant { get; } =
        new("unknown_tenant", "tenant must be the short name (slug) of a tenant, for example acme.");
}
