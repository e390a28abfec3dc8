namespace BillingPortal.Tenants.Sessions;

/// <summary>
/// A browser in words that its owner knows it by: "Chrome on Windows". Pure; a guess, for browsers say what they like.
/// </summary>
public static class DeviceText
{
    // The first that fits: most browsers also claim to be those further down.
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"),
        ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "Mac"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(string userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => $"A browser on {system}",
        (null, null) => "An unknown browser",
    };

    private static string? Find((string Sign, string Name)[] known, string userAgent) =>
        Array.Find(known, one => userAgent.Contains(one.Sign, StringComparison.Ordinal)).Name;
}
