using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BillingPortal.Kernel;

/// <summary>
/// The meter that every room's counters hang on and the source of every room's spans; names begin with <c>billing.</c> Ids and words
/// of closed sets only: never a name, an address, a number, a text or a secret; a tenant's id on spans, never on metrics.
/// </summary>
public static class Telemetry
{
    public const string Name = "BillingPortal";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The present trace, to be stored with work that goes on later; null outside of any.</summary>
    public static string? TraceParent => Activity.Current?.Id;

    /// <summary>The number that a person gives to support: every log line of the request and of what follows it has it.</summary>
    public static string? TraceId => Activity.Current?.TraceId.ToHexString();

    /// <summary>
    /// Work that begins here: a job's run, a message, an event. It belongs to the trace in which it was written down, or begins its own;
    /// every log line inside carries the trace's id, whether traces are exported or not.
    /// </summary>
    public static Activity? Begin(string name, string? traceParent = null) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var written)
            ? Source.StartActivity(name, ActivityKind.Consumer, written)
            : Source.StartActivity(name, ActivityKind.Consumer);

    /// <summary>A step within. Null, and free of cost, while traces are not exported.</summary>
    public static Activity? Step(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Marks the span as failed, by the fault's stable word or the exception's type.</summary>
    public static void Fail(this Activity? span, Exception exception)
    {
        span?.SetStatus(ActivityStatusCode.Error);
        span?.SetTag("error.type", exception is IFault fault ? fault.Code : exception.GetType().FullName);
    }

    /// <summary>Lets a counter stand at zero from the start: an alert sees the first increase, too.</summary>
    public static void Zero(this Counter<long> counter, string tag, params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            counter.Add(0, new KeyValuePair<string, object?>(tag, value));
        }
    }
}
