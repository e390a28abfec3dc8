using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using static BillingPortal.Tests.AutoRecharge.Situations;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>What the form of the rule begins with.</summary>
public sealed class RechargeFormTests
{
    // A new price is a new row with a new id: the rule still names the old one, and saving must not choose another size for it.
    [Fact]
    public void A_package_that_was_priced_anew_stays_the_chosen_one()
    {
        var rule = Rule();
        (rule.Size, rule.PackageId, rule.AmountE4) = (RechargeSize.Package, Ids.New(), Amount.Credits(100).E4);

        var form = RechargeForm.Of(View(rule), Options);

        Assert.Equal("credits-100", form.PackageCode);
    }

    // Only what the form asks of it.
    private static RechargeView View(RechargeRule rule) => new()
    {
        Rule = rule,
        Plan = Unit.Credits,
        Available = Amount.Credits(0),
        Now = null!,
        Cards = [],
        Usable = [],
        Packages = Packages,
        SpentCents = 0,
        Month = default!,
        CooldownUntil = null,
        NextRechargeAt = null,
        Smart = null!,
        Adjustments = [],
        Attempts = [],
        Evaluations = [],
    };
}
