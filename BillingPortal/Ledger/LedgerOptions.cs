namespace BillingPortal.Ledger;

/// <summary>Group commit, configured under <c>Ledger</c>.</summary>
public sealed record LedgerOptions
{
    /// <summary>Writer lanes, each with a connection of its own: while one waits for its commit the other fills its batch.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Most postings in one commit.</summary>
    public int BatchMax { get; init; } = 512;

    /// <summary>Postings waiting in one lane before further callers wait for room.</summary>
    public int QueueMax { get; init; } = 8_192;

    /// <exception cref="InvalidOperationException">A value makes no sense; the message names the setting.</exception>
    public void Validate()
    {
        Require(Lanes is > 0 and <= 16, "Ledger:Lanes", "1 to 16", Lanes);
        Require(BatchMax is > 0 and <= 5_000, "Ledger:BatchMax", "1 to 5000", BatchMax);
        Require(QueueMax >= BatchMax, "Ledger:QueueMax", "at least Ledger:BatchMax", QueueMax);
    }

    private static void Require(bool holds, string setting, string range, int value)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{setting} must be {range}, not {value}.");
        }
    }
}
