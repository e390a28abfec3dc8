using System.Collections;
using System.Globalization;

namespace BillingPortal.Providers.Sms;

/// <summary>Parameters by their PascalCase names. Null is left out; empty is sent, because it clears a setting.</summary>
internal sealed class TwilioFields : IEnumerable<KeyValuePair<string, string>>
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

    public void Add(string name, int value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public void Add(TwilioFields more) => _fields.AddRange(more);

    public static TwilioFields FromQuery(string query)
    {
        var fields = new TwilioFields();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, "");
            fields.Add(Uri.UnescapeDataString(name), Uri.UnescapeDataString(value.Replace('+', ' ')));
        }

        return fields;
    }

    public string ToQuery() =>
        string.Join('&', _fields.Select(field =>
            $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
