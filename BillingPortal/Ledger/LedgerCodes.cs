using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>The ledger's words in SQL, looked up once: a batch of hundreds must not spell them again.</summary>
internal static class LedgerCodes
{
    private static readonly string[] Operations = Spell<LedgerOperation>();
    private static readonly string[] Kinds = Spell<EntryKind>();
    private static readonly string[] Counters = Spell<CounterAccount>();

    public static string Of(LedgerOperation operation) => Operations[(int)operation];

    public static string Of(EntryKind kind) => Kinds[(int)kind];

    public static string Of(CounterAccount counter) => Counters[(int)counter];

    public static PostOutcome Outcome(string code) => code switch
    {
        "posted" => PostOutcome.Posted,
        "duplicate" => PostOutcome.Duplicate,
        "insufficient" => PostOutcome.Insufficient,
        "unknown_account" => PostOutcome.UnknownAccount,
        "unknown_hold" => PostOutcome.UnknownHold,
        "hold_ended" => PostOutcome.HoldEnded,
        _ => throw new InvalidOperationException($"ledger_post answered '{code}', which this version does not know."),
    };

    private static string[] Spell<TEnum>()
        where TEnum : struct, Enum
    {
        var codes = new string[Enum.GetValues<TEnum>().Length + 1];
        foreach (var value in Enum.GetValues<TEnum>())
        {
            codes[Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)] = TextCodes.Of(value);
        }

        return codes;
    }
}
