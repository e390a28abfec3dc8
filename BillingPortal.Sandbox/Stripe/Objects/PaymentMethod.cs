using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Objects;

/// <summary>
/// A card or a bank account. Its number is not kept: the sandbox remembers only which test card or account it was.
/// </summary>
internal sealed record PaymentMethod : IRecord
{
    public required string Id { get; init; }

    public string Object => "payment_method";

    public string AllowRedisplay { get; init; } = "unspecified";

    public BillingDetails BillingDetails { get; init; } = new();

    /// <summary>Null for a bank account.</summary>
    public Card? Card { get; init; }

    public long Created { get; init; }

    public string? Customer { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string Type => Card is null ? BankAccount.Code : "card";

    /// <summary>Null for a card.</summary>
    public BankAccount? UsBankAccount { get; init; }

    /// <summary>Name of the test card whose behaviour this one has.</summary>
    [SandboxOnly]
    public required string TestCard { get; init; }

    /// <summary>Whether the customer went through a set-up for charges without them.</summary>
    [SandboxOnly]
    public bool IsSetUpOffSession { get; init; }

    /// <summary>Used once without a customer, or detached: it can never be used again.</summary>
    [SandboxOnly]
    public bool IsUsedUp { get; init; }

    /// <summary>A decline switched on from the control page for a card that used to work.</summary>
    [SandboxOnly]
    public string? ForcedDecline { get; init; }
}

/// <summary>What is known of a card.</summary>
internal sealed record Card
{
    public required string Brand { get; init; }

    public CardChecks Checks { get; init; } = new();

    public string Country => "US";

    public string DisplayBrand => Brand;

    public int ExpMonth { get; init; }

    public int ExpYear { get; init; }

    public required string Fingerprint { get; init; }

    public string Funding { get; init; } = "credit";

    public required string Last4 { get; init; }

    public ThreeDSecureUsage ThreeDSecureUsage { get; init; } = new();

    /// <summary>How it came here: by Apple Pay or Google Pay; null when it was typed.</summary>
    public CardWallet? Wallet { get; init; }
}

/// <summary>The wallet in a phone or browser that gave the card.</summary>
internal sealed record CardWallet
{
    public string? DynamicLast4 { get; init; }

    /// <summary><c>apple_pay</c> or <c>google_pay</c>.</summary>
    public required string Type { get; init; }
}

/// <summary>What is known of a bank account that is debited by ACH.</summary>
internal sealed record BankAccount
{
    public const string Code = "us_bank_account";

    public string AccountHolderType => "company";

    public string AccountType => "checking";

    public string BankName => "STRIPE TEST BANK";

    public required string Fingerprint { get; init; }

    public required string Last4 { get; init; }

    public required string RoutingNumber { get; init; }
}

/// <summary>What the issuer said about address and security code.</summary>
internal sealed record CardChecks
{
    public string? AddressLine1Check => null;

    public string? AddressPostalCodeCheck => null;

    public string? CvcCheck { get; init; } = "pass";
}

/// <summary>Whether the card can do 3-D Secure; every test card can.</summary>
internal sealed record ThreeDSecureUsage
{
    public bool Supported => true;
}

/// <summary>Who holds the card.</summary>
internal sealed record BillingDetails
{
    public Address Address { get; init; } = new();

    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }
}

/// <summary>A postal address.</summary>
internal sealed record Address
{
    public string? City { get; init; }

    public string? Country { get; init; }

    public string? Line1 { get; init; }

    public string? Line2 { get; init; }

    public string? PostalCode { get; init; }

    public string? State { get; init; }
}
