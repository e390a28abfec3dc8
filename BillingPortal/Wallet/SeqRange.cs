namespace BillingPortal.Wallet;

/// <summary>A run of entry numbers, both ends included.</summary>
internal readonly record struct SeqRange(long Low, long High)
{
    // Stepping over so few rows in the index is cheaper than looking them up apart.
    private const long GapMax = 200;

    /// <summary>The same numbers (and small gaps) as separate runs, the newest first.</summary>
    public static List<SeqRange> Merge(IEnumerable<SeqRange> ranges)
    {
        var merged = new List<SeqRange>();
        foreach (var range in ranges.OrderByDescending(range => range.High))
        {
            if (merged.Count > 0 && range.High >= merged[^1].Low - GapMax)
            {
                merged[^1] = merged[^1] with { Low = Math.Min(merged[^1].Low, range.Low) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>What lies before the entry number, the newest first.</summary>
    public static IEnumerable<SeqRange> Before(IEnumerable<SeqRange> ranges, long seq) =>
        ranges.Where(range => range.Low < seq).Select(range => range with { High = Math.Min(range.High, seq - 1) });
}
