using System.Globalization;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Form parameters with Stripe's brackets unfolded: <c>a[b]=v</c>, <c>a[0]=v</c>, <c>a[]=v</c>.</summary>
internal sealed class Form
{
    private readonly Dictionary<string, Form> _children = new(StringComparer.Ordinal);
    private readonly string _name;
    private string? _text;

    private Form(string name) => _name = name;

    public IEnumerable<string> Names => _children.Keys;

    public static Form Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var root = new Form("");
        foreach (var (name, value) in pairs)
        {
            root.Add(name, value);
        }

        return root;
    }

    public bool Has(string name) => _children.ContainsKey(name);

    /// <summary>The text; empty when the caller unsets the parameter, null when it was not sent.</summary>
    public string? Text(string name) => _children.TryGetValue(name, out var child) ? child._text ?? "" : null;

    /// <summary>The text; null when it was not sent or is empty.</summary>
    public string? Filled(string name) => Text(name) is { Length: > 0 } text ? text : null;

    public string Required(string name) =>
        Filled(name) ?? throw StripeError.MissingParameter(Path(name));

    public long? Integer(string name)
    {
        if (Filled(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StripeError.Invalid($"Invalid integer: {text}", Path(name), "parameter_invalid_integer");
    }

    public bool Flag(string name) => Text(name) switch
    {
        null or "" or "false" => false,
        "true" => true,
        var other => throw StripeError.Invalid($"Invalid boolean: {other}", Path(name)),
    };

    public Form? Sub(string name) => _children.GetValueOrDefault(name);

    public IEnumerable<Form> Items(string name) => Sub(name)?._children.Values ?? Enumerable.Empty<Form>();

    public IEnumerable<string> Texts(string name) => Items(name).Select(item => item._text ?? "");

    public Dictionary<string, string> Pairs() =>
        _children.ToDictionary(pair => pair.Key, pair => pair.Value._text ?? "", StringComparer.Ordinal);

    public string Path(string name) => _name.Length == 0 ? name : $"{_name}[{name}]";

    private void Add(string name, string value)
    {
        var node = this;
        foreach (var part in name.Replace("]", "", StringComparison.Ordinal).Split('['))
        {
            var key = part.Length == 0 ? node._children.Count.ToString(CultureInfo.InvariantCulture) : part;
            if (!node._children.TryGetValue(key, out var child))
            {
                node._children[key] = child = new Form(node.Path(key));
            }

            node = child;
        }

        node._text = value;
    }
}
