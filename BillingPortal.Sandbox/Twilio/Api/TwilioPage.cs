using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>One page of a list, with Twilio's addresses of the pages around it.</summary>
internal static class TwilioPage
{
    private const int SizeUsual = 50;
    private const int SizeMax = 1000;

    public static TwilioAnswer Of<T>(TwilioCall call, string name, Func<T, bool> fits, Func<T, JsonObject> view)
        where T : class, IRecord
    {
        var size = Size(call);
        var number = Number(call, "Page", 0);
        var rows = After<T>(call).Where(fits).Take(size + 1).ToList();
        var hasMore = rows.Count > size;
        rows = rows[..Math.Min(size, rows.Count)];
        var body = new JsonObject
        {
            [name] = new JsonArray([.. rows.Select(view)]),
            ["page"] = number,
            ["page_size"] = size,
            ["start"] = number * size,
            ["end"] = number * size + Math.Max(0, rows.Count - 1),
            ["uri"] = call.Path + Parameters(call, size, number, call.Asked("PageToken")),
            ["first_page_uri"] = call.Path + Parameters(call, size, 0, null),
            ["next_page_uri"] = hasMore ? call.Path + Parameters(call, size, number + 1, "PA" + rows[^1].Id) : null,
            ["previous_page_uri"] = number > 0 ? call.Path + Parameters(call, size, 0, null) : null,
        };
        return new TwilioAnswer(200, body);
    }

    public static int Size(TwilioCall call) => Math.Clamp(Number(call, "PageSize", SizeUsual), 1, SizeMax);

    private static IEnumerable<T> After<T>(TwilioCall call)
        where T : class, IRecord => call.Asked("PageToken") is { } token
            ? call.Change.NewestFirstBelow<T>(token[2..])
                ?? throw TwilioError.Refused(20006, "Page token is not valid")
            : call.Change.NewestFirst<T>();

    private static int Number(TwilioCall call, string name, int usual) =>
        int.TryParse(call.Asked(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : usual;

    private static string Parameters(TwilioCall call, int size, int page, string? token)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in call.Query.Where(one => one.Key is not ("PageSize" or "Page" or "PageToken")))
        {
            Append(text, name, values.ToString());
        }

        Append(text, "PageSize", size.ToString(CultureInfo.InvariantCulture));
        Append(text, "Page", page.ToString(CultureInfo.InvariantCulture));
        if (token is not null)
        {
            Append(text, "PageToken", token);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string value) => text
        .Append(text.Length == 0 ? '?' : '&')
        .Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
}
