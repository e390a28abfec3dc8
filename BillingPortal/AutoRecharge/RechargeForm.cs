using BillingPortal.Cards;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// What stands in the page's fields: unsaved, possibly half typed. Becomes a change only when it is whole.
/// </summary>
public sealed record RechargeForm
{
    public bool Enabled { get; set; }

    public decimal? Threshold { get; set; }

    public RechargeSize Size { get; set; }

    public decimal? Amount { get; set; }

    public string? PackageCode { get; set; }

    public decimal? Target { get; set; }

    /// <summary>False: the default card, then the others.</summary>
    public bool ChoosesCards { get; set; }

    /// <summary>Payment methods in the order of trying.</summary>
    public IReadOnlyList<string> Cards { get; set; } = [];

    /// <summary>True: an invoice instead of a card.</summary>
    public bool PaysByInvoice { get; set; }

    public decimal? MonthlyLimit { get; set; }

    public int? AttemptsPerDay { get; set; }

    public SmartMode Smart { get; set; } = SmartMode.Off;

    /// <summary>Hours ahead; 0 or empty: no notice.</summary>
    public int? NoticeHours { get; set; }

    public int? GraceDays { get; set; }

    public static RechargeForm Of(RechargeView view, RechargeOptions options)
    {
        var rule = view.Rule is { } saved && saved.Unit == view.Plan ? saved : Fresh(view, options);
        var amount = new Amount(rule.AmountE4 ?? 0, rule.Unit).ToDecimal();
        return new RechargeForm
        {
            Enabled = rule.Enabled,
            Threshold = rule.Threshold.ToDecimal(),
            Size = rule.Size,
            Amount = amount,
            // A new price is a new row: the package of as many credits goes on for it.
            PackageCode = (view.Packages.FirstOrDefault(package => package.Id == rule.PackageId)
                ?? view.Packages.FirstOrDefault(package => Kernel.Amount.Credits(package.Credits).E4 == rule.AmountE4)
                ?? view.Packages.ElementAtOrDefault(view.Packages.Count / 2))?.Code,
            Target = rule.Size is RechargeSize.Target ? amount : rule.Threshold.ToDecimal() + amount,
            ChoosesCards = rule.CardIds.Length > 0,
            Cards = [.. rule.CardIds.Select(id => view.Cards.FirstOrDefault(card => card.Id == id)).OfType<SavedCard>()
                .Select(card => card.PaymentMethodId)],
            PaysByInvoice = rule.PaysByInvoice,
            MonthlyLimit = rule.MonthlyLimitCents / 100m,
            AttemptsPerDay = rule.AttemptsPerDay,
            Smart = rule.Smart,
            NoticeHours = rule.NoticeHours,
            GraceDays = rule.GraceDays,
        };
    }

    public RechargeChange ToChange() => new()
    {
        Enabled = Enabled,
        Threshold = Threshold,
        Amount = Size is RechargeSize.Amount ? Amount : null,
        PackageId = Size is RechargeSize.Package ? PackageCode : null,
        Target = Size is RechargeSize.Target ? Target : null,
        PaymentMethodIds = ChoosesCards ? Cards : [],
        PaysByInvoice = PaysByInvoice,
        MonthlyLimit = MonthlyLimit ?? 0,
        AttemptsPerDay = AttemptsPerDay,
        Smart = Smart,
        NoticeHours = NoticeHours ?? 0,
        GraceDays = GraceDays ?? 0,
    };

    /// <summary>The rule as it would be saved, or what is wrong with the fields.</summary>
    public (RechargeRule Rule, string? Problem) Draft(RechargeView view, RechargeOptions options)
    {
        var rule = Fresh(view, options);
        var isTyped = Threshold is not null && AttemptsPerDay is not null && Size switch
        {
            RechargeSize.Amount => Amount is not null,
            RechargeSize.Package => PackageCode is not null,
            RechargeSize.Target => Target is not null,
        };
        return (rule, !isTyped ? "Fill in every field; only the monthly limit may stay empty."
            : !PaysByInvoice && ChoosesCards && Cards.Count == 0 ? "Tick at least one card, or use the default card."
            : RechargeRuleBuilder.Apply(rule, ToChange(), view.Packages, view.Cards, options));
    }

    /// <summary>What smart mode proposes, into the fields: the person still saves it.</summary>
    public void Take(SmartProposal proposal) => (Threshold, Size, Amount) =
        (proposal.Threshold.ToDecimal(), RechargeSize.Amount, proposal.Amount.ToDecimal());

    /// <summary>Same values, field by field; records compare lists by reference.</summary>
    public bool IsSameAs(RechargeForm other) =>
        (this with { Cards = other.Cards }) == other && Cards.SequenceEqual(other.Cards);

    public void Toggle(string paymentMethodId, bool isOn) =>
        Cards = isOn ? [.. Cards.Except([paymentMethodId]), paymentMethodId] : [.. Cards.Except([paymentMethodId])];

    /// <summary>One place forward in the order of trying.</summary>
    public void MoveUp(string paymentMethodId)
    {
        var cards = Cards.ToList();
        var place = cards.IndexOf(paymentMethodId);
        if (place > 0)
        {
            (cards[place - 1], cards[place]) = (cards[place], cards[place - 1]);
            Cards = cards;
        }
    }

    // What was bought last is a better proposal than any fixed size: it fits how this tenant spends.
    private static RechargeRule Fresh(RechargeView view, RechargeOptions options)
    {
        var rule = RechargeRuleBuilder.New(Guid.Empty, view.Plan, RechargeDoor.Portal, options, DateTimeOffset.UnixEpoch);
        rule.AmountE4 = view.LastBought?.E4 ?? rule.AmountE4;
        return rule;
    }
}
