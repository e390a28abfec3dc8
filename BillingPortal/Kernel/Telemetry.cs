using System.Diagnostics.Metrics;

namespace BillingPortal.Kernel;

/// <summary>The meter that every room's counters hang on; names begin with <c>billing.</c></summary>
public static class Telemetry
{
    public static Meter Meter { get; } = new("BillingPortal");
}
