using System.Collections;
using System.Globalization;

namespace BillingPortal.Providers.Payments;

/// <summary>
/// Parameters in Stripe's form encoding: <c>a[b]=v</c>, <c>a[0]=v</c>, <c>true|false</c>, unix seconds. Null is left
/// out, because an empty value would unset the parameter.
/// </summary>
internal sealed class StripeForm : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    public void Add(string name, string? value)
    {
        if (value is not null)
        {
            _fields.Add(new(name, value));
        }
    }

    public void Add(string name, bool value) => Add(name, value ? "true" : "false");

    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, DateTimeOffset? value) => Add(name, value?.ToUnixTimeSeconds());

    public void Add(string name, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values)
        {
            Add($"{name}[{key}]", value);
        }
    }

    public string ToQuery() =>
        string.Join('&', _fields.Select(field =>
            $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
