using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Grants;

/// <summary>Settings <c>Grants:*</c>.</summary>
public sealed class GrantOptions
{
    public const string Section = "Grants";

    /// <summary>Days after which the bonus of a purchase or recharge expires; null: never (the contract names no end).</summary>
    [Range(1, 3650)]
    public int? BonusDays { get; set; }

    /// <summary>People are told this many days before (issue: a week).</summary>
    [Range(1, 90)]
    public int WarnDays { get; set; } = 7;
}
