using System.ComponentModel.DataAnnotations;
using BillingPortal.Tenants;

namespace BillingPortal.Support;

/// <summary>Settings of section <c>Support</c>: how much one of the staff may move alone.</summary>
public sealed class SupportOptions
{
    public const string Section = "Support";

    /// <summary>One refund or adjustment of an agent, US cents (product owner: $50).</summary>
    [Range(0, 100_000_000)]
    public int AgentActionCents { get; init; } = 5_000;

    /// <summary>All of an agent's in one day, UTC (product owner: $200).</summary>
    [Range(0, 100_000_000)]
    public int AgentDayCents { get; init; } = 20_000;

    /// <summary>One refund or adjustment of a lead (product owner: $1,000).</summary>
    [Range(0, 100_000_000)]
    public int LeadActionCents { get; init; } = 100_000;

    /// <summary>All of a lead's in one day, UTC (product owner: $5,000).</summary>
    [Range(0, 100_000_000)]
    public int LeadDayCents { get; init; } = 500_000;

    /// <summary>A request that nobody has decided by then is refused by itself (product owner: a week).</summary>
    [Range(1, 90)]
    public int ApprovalDays { get; init; } = 7;

    /// <summary>How long a refund that was sent to Stripe is left alone before it is asked for again; above Stripe's time limit.</summary>
    [Range(5, 600)]
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>Stripe keeps idempotency keys for 24 h; an hour before, refunds are only looked up (providers.md).</summary>
    [Range(1, 23)]
    public int KeyHours { get; init; } = 23;

    public int ActionCents(StaffRole role) => role switch
    {
        StaffRole.Agent => AgentActionCents,
        StaffRole.Lead => LeadActionCents,
    };

    public int DayCents(StaffRole role) => role switch
    {
        StaffRole.Agent => AgentDayCents,
        StaffRole.Lead => LeadDayCents,
    };
}
