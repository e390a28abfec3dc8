using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace BillingPortal.Tests.Fuzz;

/// <summary>
/// Spoils texts, bytes and JSON in the ways that break programs. The same seed spoils the same way; <c>FUZZ_SEED</c> and
/// <c>FUZZ_INPUTS</c> ask for other and for more inputs.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Nasty =
    [
        "", " ", "\0", "a\0b", "null", "undefined", "NaN", "-1", "0", "1e999", "9223372036854775808", "-0", "0x10", "1,5", "٣",
        "=1+1", "@SUM(1)", "+1", "-2+3", "\t=1", "'; DROP TABLE entries; --", "' OR '1'='1", "{{7*7}}", "${jndi:ldap://x}", "%s%n", "%00",
        "../../etc/passwd", "<script>alert(1)</script>", "\u202Egnp.exe", "\uFEFF", "\uFFFE", "é\u0301\u0301", "😀😀", "\ud83d", "ﷺ",
        "İ", "ß", "\r\nSet-Cookie: a=b", "\u2028", new('a', 300), new('9', 400), new('é', 20_000), "2026-02-30", "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "infinity", "-infinity", "00000000-0000-0000-0000-000000000000",
        "credits-9223372036854775807", "usd--1", "+15005550006", "++1", "true", "[]", "{}",
    ];

    private static readonly string[] Numbers =
        ["1e999", "-1e-999", "0.00001", "99999999999999999999999999", "1.0000000000000000000001", "-0"];

    private readonly Random _random = new(seed);

    public static int Seed { get; } = Setting("FUZZ_SEED", 20261121);

    /// <summary>How many inputs a test tries: as many as it says, or <c>FUZZ_INPUTS</c>.</summary>
    public static int Inputs(int usual) => Setting("FUZZ_INPUTS", usual);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public int Next(int below) => _random.Next(below);

    public string Text() => Pick(Nasty);

    /// <summary>A JSON text near the given one: sometimes with another value somewhere, sometimes no JSON any more.</summary>
    public string Json(JsonNode? like)
    {
        var copy = like?.DeepClone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            copy = Change(copy, depth: 0);
        }

        var text = copy?.ToJsonString() ?? "null";
        return _random.Next(8) switch
        {
            0 => Spoil(text),
            1 => new string('[', _random.Next(1, 2_000)) + text,
            2 => text.Replace("\"", "'", StringComparison.Ordinal),
            3 => text.Length > 2 && text[0] == '{' ? $"{text[..^1]},{text[1..]}" : text + text, // each name twice
            _ => text,
        };
    }

    /// <summary>The text with letters taken away, doubled, turned or put in.</summary>
    public string Spoil(string text)
    {
        var spoilt = new StringBuilder(text);
        for (var changes = _random.Next(1, 5); changes > 0 && spoilt.Length > 0; changes--)
        {
            var at = _random.Next(spoilt.Length);
            switch (_random.Next(5))
            {
                case 0:
                    spoilt.Length = at;
                    break;
                case 1:
                    spoilt.Remove(at, 1);
                    break;
                case 2:
                    spoilt.Insert(at, Text());
                    break;
                case 3:
                    spoilt[at] = (char)_random.Next(1, 0x250);
                    break;
                default:
                    spoilt.Append(spoilt.ToString(at, Math.Min(50, spoilt.Length - at)));
                    break;
            }
        }

        return spoilt.ToString();
    }

    public byte[] Spoil(byte[] bytes)
    {
        byte[] spoilt = [.. bytes];
        for (var changes = _random.Next(1, 5); changes > 0 && spoilt.Length > 0; changes--)
        {
            var at = _random.Next(spoilt.Length);
            switch (_random.Next(4))
            {
                case 0:
                    spoilt = spoilt[..at];
                    break;
                case 1:
                    spoilt = [.. spoilt[..at], (byte)_random.Next(256), .. spoilt[at..]];
                    break;
                case 2:
                    spoilt[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    spoilt = [.. spoilt, .. spoilt[at..]];
                    break;
            }
        }

        return spoilt;
    }

    private JsonNode? Change(JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members when depth < 6 && _random.Next(4) > 0:
                var name = Pick(members.Select(member => member.Key).ToList());
                switch (_random.Next(5))
                {
                    case 0:
                        members.Remove(name);
                        break;
                    case 1:
                        members[Text() is { Length: < 100 } other ? other : "x"] = Value();
                        break;
                    default:
                        var member = members[name];
                        members.Remove(name);
                        members[name] = Change(member, depth + 1);
                        break;
                }

                return members;
            case JsonArray { Count: > 0 } items when depth < 6 && _random.Next(4) > 0:
                var at = _random.Next(items.Count);
                var item = items[at];
                items.RemoveAt(at);
                items.Insert(at, Change(item, depth + 1));
                return items;
            default:
                return Value();
        }
    }

    private JsonNode? Value() => _random.Next(10) switch
    {
        0 => null,
        1 => JsonValue.Create(_random.Next(2) == 0),
        2 => JsonValue.Create(_random.Next(-5, 100_000)),
        3 => JsonNode.Parse(Pick(Numbers)),
        4 => new JsonArray(JsonValue.Create(1), null, JsonValue.Create("x")),
        5 => new JsonObject { [Text() is { Length: < 100 } name ? name : "x"] = JsonValue.Create(1) },
        6 => JsonNode.Parse(new string('[', 40) + new string(']', 40)),
        _ => JsonValue.Create(Text()),
    };

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : usual;
}
