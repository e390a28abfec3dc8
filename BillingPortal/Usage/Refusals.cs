using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Usage;

/// <summary>The refusals that events and holds share.</summary>
internal static class Refusals
{
    /// <summary>402 with what there is and what it takes; <c>available</c> is balance − held.</summary>
    public static ProblemHttpResult Insufficient(Amount required, Amount balance, Amount available, decimal? maxQuantity = null)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["balance"] = balance.ToDecimal(),
            ["available"] = available.ToDecimal(),
            ["required"] = required.ToDecimal(),
            ["unit"] = required.Unit.ToCode(),
        };
        if (maxQuantity is { } most)
        {
            more["maxQuantity"] = most;
        }

        return Problems.PaymentRequired(
            "insufficient_balance", $"This takes {required}, and {available} are available. Buy more, then send it again.", more);
    }
}
