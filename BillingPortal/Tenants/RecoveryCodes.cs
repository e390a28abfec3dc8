namespace BillingPortal.Tenants;

/// <summary>How a code reads and how it counts: people may type spaces, hyphens and small letters.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    public static string Normalise(string code) =>
        new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
}
