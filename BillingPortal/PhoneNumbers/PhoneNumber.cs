using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>Where a number stands. Only an active one sends, receives on the tenant's account, and pays rent.</summary>
public enum PhoneNumberState
{
    /// <summary>The set-up fee is held, the provider has not answered yet.</summary>
    Buying = 1,
    Active,

    /// <summary>Its rent could not be paid: webhook addresses cleared, sends refused, tried again later and at every top-up.</summary>
    Suspended,

    /// <summary>Given back by a person; the provider has not confirmed yet.</summary>
    Releasing,
    Released,

    /// <summary>The provider did not sell it; nothing was charged.</summary>
    NotBought,
}

/// <summary>
/// A phone number of a tenant. Holds at every commit: a number in use belongs to one tenant; every period up to
/// <see cref="NextBillingDate"/> was paid once or lay in a suspension; beyond it only grace days are served unpaid.
/// </summary>
public sealed class PhoneNumber
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>E.164, for example <c>+14155550123</c>.</summary>
    public required string Number { get; init; }

    /// <summary>ISO 3166 code of its country, for example <c>US</c>.</summary>
    public required string Country { get; init; }

    /// <summary>What the tenant calls it.</summary>
    public string? Label { get; set; }

    /// <summary>The provider's id (<c>PN…</c>); null until it is bought.</summary>
    public string? ProviderSid { get; set; }

    public required PhoneNumberState State { get; set; }

    /// <summary>The account that pays: that of the tenant's plan when it was bought.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Rent for one month of this number alone; null: the price book's.</summary>
    public long? MonthlyCostE4 { get; set; }

    /// <summary>The browser's own key for this buying: the same key buys once.</summary>
    public string? AttemptKey { get; init; }

    /// <summary>The set-up fee; it covers the first month.</summary>
    public long SetUpE4 { get; init; }

    /// <summary>The hold of the set-up fee, until it is captured or released; null where it costs nothing.</summary>
    public Guid? SetUpHoldId { get; set; }

    /// <summary>When the provider was asked last, while it has not confirmed a buying or a release: the sweep's order.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Day of the month on which rent falls due, 1–31; in shorter months their last day.</summary>
    public int AnchorDay { get; set; }

    /// <summary>When the next rent falls due, UTC; null before it is bought and after it is released.</summary>
    public DateTimeOffset? NextBillingDate { get; set; }

    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>When a suspended number's rent is tried again by the job.</summary>
    public DateTimeOffset? NextRetryAt { get; set; }

    /// <summary>
    /// Its rent was not covered and grace days run: in service until then, asked for every day, its dates unchanged.
    /// </summary>
    public DateTimeOffset? GraceUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? AcquiredAt { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Why the last step failed, in words for people; null when it did not.</summary>
    public string? Trouble { get; set; }
}
