namespace BillingPortal.Benchmarks;

/// <summary>How the portal's process is started where nothing else is said.</summary>
internal static class PortalSettings
{
    public static readonly IReadOnlyDictionary<string, string> Quiet =
        new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Error" };

    /// <summary>For the sandbox: it calls nobody.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoWebhooks =
        new Dictionary<string, string> { ["Sandbox__PortalUrl"] = "" };
}
