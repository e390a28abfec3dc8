using System.Diagnostics;

namespace BillingPortal.Web;

/// <summary>The short id that a person gives to support and that stands in the log line of the failure.</summary>
public static class References
{
    private const int Length = 16;

    public static string Of(HttpContext context)
    {
        var trace = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        return trace.Length > Length ? trace[..Length] : trace;
    }
}
