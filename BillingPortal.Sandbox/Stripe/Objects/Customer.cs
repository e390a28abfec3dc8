using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Objects;

/// <summary>A payer with saved cards and a default one.</summary>
internal sealed record Customer : IRecord
{
    public required string Id { get; init; }

    public string Object => "customer";

    public long Balance { get; init; }

    public long Created { get; init; }

    public string? Currency { get; init; }

    public string? DefaultSource => null;

    public bool Delinquent => false;

    public string? Description { get; init; }

    public string? Email { get; init; }

    public InvoiceSettings InvoiceSettings { get; init; } = new();

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string TaxExempt => "none";

    [SandboxOnly]
    public bool IsDeleted { get; init; }
}

/// <summary>Where a customer's default card stands.</summary>
internal sealed record InvoiceSettings
{
    public string? DefaultPaymentMethod { get; init; }

    public string? Footer => null;
}
