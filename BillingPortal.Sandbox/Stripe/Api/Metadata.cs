namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>
/// Stripe's metadata: up to 50 keys of 40 characters with values of 500; an empty value removes the key.
/// </summary>
internal static class Metadata
{
    private const int KeysMax = 50;
    private const int KeyLengthMax = 40;
    private const int ValueLengthMax = 500;

    public static Dictionary<string, string> Merge(Form form, IReadOnlyDictionary<string, string>? before = null)
    {
        var merged = new Dictionary<string, string>(before ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (form.Text("metadata") == "" && !form.Items("metadata").Any())
        {
            return [];
        }

        foreach (var (key, value) in form.Sub("metadata")?.Pairs() ?? [])
        {
            Check(form, key, value);
            if (value.Length == 0)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.Count <= KeysMax
            ? merged
            : throw StripeError.Invalid($"You can have up to {KeysMax} keys in metadata.", "metadata");
    }

    private static void Check(Form form, string key, string value)
    {
        if (key.Length > KeyLengthMax)
        {
            throw StripeError.Invalid(
                $"Metadata keys can have up to {KeyLengthMax} characters; this one has {key.Length}.", "metadata");
        }

        if (value.Length > ValueLengthMax)
        {
            throw StripeError.Invalid(
                $"Metadata values can have up to {ValueLengthMax} characters, but you passed in a value that is "
                + $"{value.Length} characters. Invalid value: {key}", form.Path($"metadata[{key}]"));
        }
    }
}
