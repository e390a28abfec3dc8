using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>Puts a change on a rule and checks what comes out. Pure but for the rule it changes.</summary>
internal static class RechargeRuleBuilder
{
    /// <summary>Issue 4 and the table's CHECK: nobody plans further ahead by a mail.</summary>
    public const int NoticeHoursMax = 72;

    /// <summary>Issue 4 and the table's CHECK: never half a month of rent unpaid.</summary>
    public const int GraceDaysMax = 14;

    /// <summary>A rule that nobody has switched on yet, with the contract's defaults.</summary>
    public static RechargeRule New(
        Guid tenantId, Unit plan, RechargeDoor door, RechargeOptions options, DateTimeOffset now)
    {
        var threshold = plan is Unit.Usd ? options.DefaultWalletThreshold
            : door is RechargeDoor.CreditsApi ? options.DefaultThresholdOfCreditsApi : options.DefaultThreshold;
        return new RechargeRule
        {
            TenantId = tenantId,
            Unit = plan,
            ThresholdE4 = Amount.Of(threshold, plan).E4,
            Size = RechargeSize.Amount,
            AmountE4 = Amount.Of(plan is Unit.Usd ? options.DefaultWalletAmount : options.DefaultCredits, plan).E4,
            AttemptsPerDay = options.AttemptsPerDay,
            CreatedAt = now,
        };
    }

    /// <summary>Null when the changed rule is in order; otherwise what is wrong with it.</summary>
    public static string? Apply(
        RechargeRule rule, RechargeChange change, IReadOnlyList<CreditPackage> packages, IReadOnlyList<SavedCard> cards,
        RechargeOptions options)
    {
        rule.Enabled = change.Enabled ?? rule.Enabled;
        rule.AttemptsPerDay = change.AttemptsPerDay ?? rule.AttemptsPerDay;
        rule.Smart = change.Smart ?? rule.Smart;
        rule.PaysByInvoice = change.PaysByInvoice ?? rule.PaysByInvoice;
        return Problem(rule, change)
            ?? SetCare(rule, change)
            ?? SetSize(rule, change, packages)
            ?? SetCards(rule, change, cards)
            ?? SetLimit(rule, change)
            ?? Whole(rule, packages, options);
    }

    private static string? Problem(RechargeRule rule, RechargeChange change)
    {
        if (change.Threshold is <= 0 or > 100_000_000)
        {
            return "The threshold must be above 0: recharging starts when the available balance falls below it.";
        }

        rule.ThresholdE4 = change.Threshold is { } threshold ? Amount.Of(threshold, rule.Unit).E4 : rule.ThresholdE4;
        return rule.AttemptsPerDay is < 1 or > 1000 ? "Attempts per day must lie between 1 and 1000." : null;
    }

    private static string? SetCare(RechargeRule rule, RechargeChange change)
    {
        if (change.NoticeHours is < 0 or > NoticeHoursMax)
        {
            return $"A notice can come 1 to {NoticeHoursMax} hours ahead; 0 means none.";
        }

        if (change.GraceDays is < 0 or > GraceDaysMax)
        {
            return $"Grace days must lie between 0 and {GraceDaysMax}.";
        }

        if (change.NoticeHours is { } hours && hours != rule.NoticeHours)
        {
            (rule.NoticeHours, rule.NoticedAt, rule.NoticedFor) = (hours, null, null);
        }

        rule.GraceDays = change.GraceDays ?? rule.GraceDays;
        return null;
    }

    private static string? SetSize(RechargeRule rule, RechargeChange change, IReadOnlyList<CreditPackage> packages)
    {
        var named = (change.Amount is null ? 0 : 1) + (change.PackageId is null ? 0 : 1) + (
            change.Target is null ? 0 : 1);
        if (named > 1)
        {
            return "Choose one of amount, package and target balance.";
        }

        if (change.Amount is <= 0 or > 100_000_000 || change.Target is <= 0 or > 100_000_000)
        {
            return "The amount to buy must be above 0.";
        }

        if (change.PackageId is { } wanted)
        {
            var package = rule.Unit is Unit.Credits
                ? packages.FirstOrDefault(one => one.Code == wanted || one.Id.ToString() == wanted)
                : null;
            if (package is null)
            {
                return "There is no such package on sale.";
            }

            (rule.Size, rule.PackageId) = (RechargeSize.Package, package.Id);
            rule.AmountE4 = Amount.Credits(package.Credits).E4;
        }
        else if ((change.Amount ?? change.Target) is { } amount)
        {
            rule.Size = change.Target is null ? RechargeSize.Amount : RechargeSize.Target;
            (rule.PackageId, rule.AmountE4) = (null, Amount.Of(amount, rule.Unit).E4);
        }

        return null;
    }

    private static string? SetCards(RechargeRule rule, RechargeChange change, IReadOnlyList<SavedCard> cards)
    {
        if (change.PaymentMethodIds is not { } wanted)
        {
            return null;
        }

        var chosen = wanted.Distinct().Select(id => cards.FirstOrDefault(card => card.PaymentMethodId == id)).ToList();
        if (chosen.Contains(null))
        {
            return "One of the cards is not among your saved cards.";
        }

        rule.CardIds = [.. chosen.Select(card => card!.Id)];
        return null;
    }

    private static string? SetLimit(RechargeRule rule, RechargeChange change)
    {
        if (change.MonthlyLimit is not { } limit)
        {
            return null;
        }

        if (limit is < 0 or > 10_000_000 || decimal.Truncate(limit * 100) != limit * 100)
        {
            return "The monthly limit must be an amount in dollars and cents; 0 means no limit.";
        }

        rule.MonthlyLimitCents = limit == 0 ? null : (long)(limit * 100);
        return null;
    }

    private static string? Whole(RechargeRule rule, IReadOnlyList<CreditPackage> packages, RechargeOptions options)
    {
        if (rule.Size is RechargeSize.Target && rule.AmountE4 <= rule.ThresholdE4)
        {
            return "The target balance must be above the threshold.";
        }

        return RechargeSizing.Largest(rule, packages, options) is { } largest
            && largest.PriceCents > options.ChargeMaxCents
            ? $"One recharge could cost {Amount.UsdCents(largest.PriceCents).ToDecimal():#,0.00} dollars; at most "
                + $"{Amount.UsdCents(options.ChargeMaxCents).ToDecimal():#,0.00} are charged at once. Choose smaller amounts."
            : null;
    }
}
