using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>What is wrong, and what to look at.</summary>
internal sealed record Violation(string Invariant, string Detail);

/// <summary>An invariant that must hold once the faults are over and the system has settled.</summary>
internal interface ICheck
{
    string Invariant { get; }

    /// <returns>How many things were looked at, and every violation.</returns>
    Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register);
}

/// <summary>All invariants, in the order of the report.</summary>
internal static class AllChecks
{
    public static IReadOnlyList<ICheck> List { get; } =
    [
        new BooksCheck(),
        new MoneyCheck(),
        new UsageCheck(),
        new HoldCheck(),
        new SmsCheck(),
        new NumberCheck(),
        new MailCheck(),
    ];
}
