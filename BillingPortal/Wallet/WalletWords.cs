using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using BillingPortal.Tenants;

namespace BillingPortal.Wallet;

/// <summary>Plans and settlement modes in the words of the Wallet page, and what it asks before it changes one.</summary>
public static class WalletWords
{
    public static string Plan(Unit plan) => plan is Unit.Usd ? "The wallet" : "Credits";

    public static string Mode(SettlementMode mode) => mode is SettlementMode.Monthly ? "Settled monthly" : "Debited at once";

    /// <summary>The rule of a mode in one or two sentences.</summary>
    public static string ModeRule(SettlementMode mode) => mode is SettlementMode.Monthly
        ? "Usage is rated and reserved as it happens, never beyond what is available, and debited as one amount on the 1st of "
            + "the next month at 02:00 UTC. What is reported later is settled with the next month, with a note."
        : "Usage is rated and debited as it happens.";

    public static string Quantity(string service, decimal quantity) =>
        string.Create(CultureInfo.InvariantCulture, $"{quantity:#,0.####} {Measure(service)}");

    internal static ChargeQuestion AskMode(SettlementMode to, WalletView view)
    {
        var facts = new List<KeyValuePair<string, string>> { new("From now on", Mode(to)) };
        if (view.Month.Reserved.IsPositive)
        {
            facts.Add(new("Stays reserved until its settlement", AmountFormat.Text(view.Month.Reserved)));
        }

        return to is SettlementMode.Immediate
            ? new ChargeQuestion("Debit usage at once?", ModeRule(to) + " Nothing is debited by this change.", facts, "Debit at once")
            : new ChargeQuestion("Settle monthly?", ModeRule(to), facts, "Settle monthly");
    }

    internal static ChargeQuestion AskPlan(PlanPreview preview)
    {
        var facts = new List<KeyValuePair<string, string>>
        {
            new("Usage draws on", $"{Plan(preview.To)}, from now on"),
            new("Available there", AmountFormat.Text(preview.Drawn.Available)),
        };
        if (preview.Settled.IsPositive)
        {
            facts.Add(new("Debited now: reserved this month", AmountFormat.Text(preview.Settled)));
        }

        facts.Add(new($"Stays in {Name(preview.From)}", AmountFormat.Text(preview.Left.Posted - preview.Settled)));
        if (preview.UnderWay.IsPositive)
        {
            facts.Add(new("Calls under way end on it", AmountFormat.Text(preview.UnderWay)));
        }

        if (preview.SwitchesOffRecharge)
        {
            facts.Add(new("Auto-recharge", "is switched off"));
        }

        return new ChargeQuestion(
            preview.To is Unit.Usd ? "Change to the wallet plan?" : "Change to the credits plan?", Sentence(preview), facts,
            preview.To is Unit.Usd ? "Change to the wallet plan" : "Change to the credits plan", IsDestructive: true);
    }

    private static string Sentence(PlanPreview preview) => preview switch
    {
        { Drawn.Available.IsPositive: false } =>
            "Nothing is available there: usage is refused until you have topped it up. Nothing is converted, both balances stay.",
        { To: Unit.Credits } =>
            "Fax and file transfer are not offered on the credits plan. Nothing is converted, both balances stay.",
        _ => "Usage is rated in dollars from now on. Nothing is converted, both balances stay.",
    };

    private static string Name(Unit unit) => unit is Unit.Usd ? "the wallet" : "credits";

    private static string Measure(string service) => service switch
    {
        ServiceCodes.Voice => "minutes",
        ServiceCodes.SmsOutbound or ServiceCodes.SmsInbound => "messages",
        ServiceCodes.Email => "emails",
        ServiceCodes.Fax => "pages",
        ServiceCodes.FileTransfer => "transfers",
        _ => "",
    };
}
