using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Objects as callers see them: JSON, lists with pages, and references expanded on request.</summary>
internal static class StripeView
{
    private const int ExpandDepthMax = 4;

    public static JsonObject Of(IRecord record) =>
        JsonSerializer.SerializeToNode(record, record.GetType(), SandboxJson.Public)!.AsObject();

    /// <summary>One page, newest first, by <c>limit</c>, <c>starting_after</c> and <c>ending_before</c>.</summary>
    public static JsonObject Page<T>(StripeCall call, string url, string what, Func<T, bool> matches)
        where T : class, IRecord
    {
        var limit = call.Form.Integer("limit") ?? 10;
        if (limit is < 1 or > 100)
        {
            throw StripeError.Invalid(
                "Invalid integer: limit must be between 1 and 100.", "limit", "parameter_invalid_integer");
        }

        var rows = call.Change.NewestFirst<T>();
        if (call.Form.Filled("starting_after") is { } below)
        {
            rows = call.Change.NewestFirstBelow<T>(below) ?? throw StripeError.NoSuch(what, below, "starting_after");
        }

        if (call.Form.Filled("ending_before") is { } above)
        {
            call.Find<T>(what, above, "ending_before");
            var newer = rows.TakeWhile(row => row.Id != above).Where(matches).ToList();
            return Page(url, newer.Skip(Math.Max(0, newer.Count - (int)limit)), newer.Count > limit);
        }

        var page = rows.Where(matches).Take((int)limit + 1).ToList();
        return Page(url, page.Take((int)limit), page.Count > limit);
    }

    /// <summary>Replaces the ids named by <c>expand[]</c> with the objects.</summary>
    public static void Expand(JsonNode answer, StripeCall call)
    {
        foreach (var path in call.Form.Texts("expand"))
        {
            var parts = path.Split('.');
            if (parts.Length > ExpandDepthMax)
            {
                throw StripeError.Invalid(
                    $"You cannot expand more than {ExpandDepthMax} levels of a property.", "expand");
            }

            Expand(answer, parts, path, call.Change);
        }
    }

    private static JsonObject Page(string url, IEnumerable<IRecord> rows, bool hasMore) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. rows.Select(Of)]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    private static void Expand(JsonNode node, ReadOnlySpan<string> parts, string path, Change change)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Expand(item!, parts, path, change);
            }

            return;
        }

        if (node is not JsonObject holder || !holder.ContainsKey(parts[0]))
        {
            throw StripeError.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        var child = holder[parts[0]];
        if (child is JsonValue reference)
        {
            holder[parts[0]] = child = Lookup(reference.ToString(), change)
                ?? throw StripeError.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        if (parts.Length > 1 && child is not null)
        {
            Expand(child, parts[1..], path, change);
        }
    }

    private static JsonObject? Lookup(string id, Change change)
    {
        IRecord? record = id.Split('_')[0] switch
        {
            "cus" => change.Find<Objects.Customer>(id),
            "pm" => change.Find<Objects.PaymentMethod>(id),
            "pi" => change.Find<Objects.PaymentIntent>(id),
            "seti" => change.Find<Objects.SetupIntent>(id),
            "ch" => change.Find<Objects.Charge>(id),
            "re" => change.Find<Objects.Refund>(id),
            _ => null,
        };
        return record is null ? null : Of(record);
    }
}
