using System.ComponentModel.DataAnnotations;
using BillingPortal.Kernel;

namespace BillingPortal.Notifications;

/// <summary>Settings <c>Notifications:*</c>.</summary>
public sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>Where a tenant on the credits plan chose none (contract: 100).</summary>
    [Range(0.0001, 1_000_000)]
    public decimal ThresholdCredits { get; set; } = 100;

    /// <summary>Where a tenant on the wallet plan chose none (contract: the default threshold of wallet plans).</summary>
    [Range(0.0001, 1_000_000)]
    public decimal ThresholdUsd { get; set; } = 10;

    /// <summary>The highest threshold that can be chosen.</summary>
    [Range(1, 1_000_000_000)]
    public decimal ThresholdMax { get; set; } = 1_000_000;

    internal Amount DefaultThreshold(Unit plan) => plan switch
    {
        Unit.Credits => Amount.Credits(ThresholdCredits),
        Unit.Usd => Amount.Usd(ThresholdUsd),
    };
}
