namespace BillingPortal.Sandbox.Resend;

/// <summary>
/// What happens to mail for an address, by its local part: <c>bounced@</c>, <c>complained@</c>, <c>suppressed@</c>
/// (a <c>+label</c> may follow) at any domain; everything else is delivered.
/// </summary>
internal static class TestAddress
{
    private static readonly string[] Special = ["bounced", "complained", "suppressed"];

    public static string EventFor(IEnumerable<string> recipients, bool isScheduled)
    {
        var locals = recipients.Select(LocalPart).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Special.FirstOrDefault(locals.Contains) ?? (isScheduled ? "scheduled" : "delivered");
    }

    /// <summary>Without the person's name, in lower case.</summary>
    public static string Bare(string address) =>
        address[(address.LastIndexOf('<') + 1)..].TrimEnd('>', ' ').Trim().ToLowerInvariant();

    private static string LocalPart(string address) => Bare(address).Split('@')[0].Split('+')[0];
}
