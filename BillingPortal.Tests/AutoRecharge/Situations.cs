using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>
/// Situations for the policy's tests: Acme, below its threshold of 100, with one card and the usual packages.
/// </summary>
internal static class Situations
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 13, 20, 0, TimeSpan.Zero);
    public static readonly RechargeOptions Options = new();
    public static readonly IReadOnlyList<CreditPackage> Packages =
    [
        Package(50, 150), Package(100, 280), Package(250, 650), Package(500, 1200), Package(1000, 2200), Package(
            2500, 5000),
    ];

    public static RechargeRule Rule(decimal threshold = 100, decimal amount = 250) => new()
    {
        TenantId = Ids.New(),
        Unit = Unit.Credits,
        Enabled = true,
        ThresholdE4 = Amount.Credits(threshold).E4,
        Size = RechargeSize.Amount,
        AmountE4 = Amount.Credits(amount).E4,
        AttemptsPerDay = 5,
    };

    public static RechargeRule WalletRule(decimal threshold = 10, decimal amount = 20) => new()
    {
        TenantId = Ids.New(),
        Unit = Unit.Usd,
        Enabled = true,
        ThresholdE4 = Amount.Usd(threshold).E4,
        Size = RechargeSize.Amount,
        AmountE4 = Amount.Usd(amount).E4,
        AttemptsPerDay = 5,
    };

    public static RechargeSituation Of(
        RechargeRule? rule, decimal available = 99, RechargeTrigger trigger = RechargeTrigger.Crossing) => new()
        {
            Now = Now,
            Trigger = trigger,
            Rule = rule,
            Plan = rule?.Unit ?? Unit.Credits,
            Available = Amount.Of(available, rule?.Unit ?? Unit.Credits),
            Debt = Amount.Zero(rule?.Unit ?? Unit.Credits),
            Cards = ["pm_1"],
            Packages = Packages,
        };

    public static PastAttempt Past(AttemptState state, TimeSpan ago, long priceCents = 650) =>
        new(state, Now - ago, priceCents);

    public static RechargeDecision Evaluate(this RechargeSituation situation) =>
        RechargePolicy.Evaluate(situation, Options);

    private static CreditPackage Package(long credits, int cents) =>
        new(Ids.FromName("package", $"{credits}"), $"credits-{credits}", credits, cents);
}
