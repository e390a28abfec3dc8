using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>Something that a customer's program does, from its first call to the clear answer, whatever lies between.</summary>
internal interface IOperation
{
    string Kind { get; }

    /// <summary>Repeats until the answer is clear or the token ends it, and writes down what was acknowledged.</summary>
    Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken);
}

/// <summary>How an operation ended.</summary>
internal enum Ending
{
    Acknowledged,
    Refused,

    /// <summary>No clear answer until the end of the run: it may have happened or not.</summary>
    Unanswered,

    /// <summary>There was nothing to do it with: no payment to refund, for one.</summary>
    NotTried,
}

/// <summary>What an operation works with.</summary>
internal sealed record Desk(World World, GoodClient Client, Register Register, DateTimeOffset Begun);
