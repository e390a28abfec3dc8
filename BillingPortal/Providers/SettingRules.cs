namespace BillingPortal.Providers;

/// <summary>What is wrong with a provider's setting, in a sentence that names it; null when nothing is.</summary>
internal static class SettingRules
{
    public static string? Secret(
        IHostEnvironment environment, string setting, string? value, params ReadOnlySpan<string> prefixes)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return $"{setting} is not set.";
        }

        if (environment.IsProduction() && SandboxDefaults.IsSandboxValue(value))
        {
            return $"{setting} has the sandbox's value, which everybody knows. Production needs its own.";
        }

        foreach (var prefix in prefixes)
        {
            if (value.StartsWith(prefix, StringComparison.Ordinal))
            {
                return null;
            }
        }

        return prefixes.IsEmpty ? null : $"{setting} must begin with {string.Join(" or ", prefixes.ToArray())}.";
    }

    /// <summary>One value, or several: a list, or separated by commas, while a secret is being rolled.</summary>
    public static List<string> Several(IConfigurationSection section) =>
    [
        .. (section.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        .. section.GetChildren().Select(child => child.Value ?? ""),
    ];

    /// <summary>The provider's own host over HTTPS, unless the sandbox is in use.</summary>
    public static string? Address(string setting, Uri value, bool isSandbox, string host)
    {
        if (isSandbox)
        {
            return value.IsAbsoluteUri && value.IsLoopback
                ? null : $"{setting} must be the sandbox's address on this machine.";
        }

        return value.IsAbsoluteUri && value.Scheme == Uri.UriSchemeHttps && value.Host == host
            ? null
            : $"{setting} must be an address of https://{host} unless the sandbox's keys are used.";
    }
}
