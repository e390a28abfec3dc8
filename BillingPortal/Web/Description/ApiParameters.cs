using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace BillingPortal.Web.Description;

/// <summary>What the parameters mean: one word, one meaning, at every address.</summary>
internal static class ApiParameters
{
    private static readonly Dictionary<string, (string Text, JsonNode Example)> Known = new(StringComparer.Ordinal)
    {
        ["unit"] = ("`credits` or `usd`; without one the unit of the plan.", "credits"),
        ["from"] = ("A day in the tenant's time zone, or (transactions) an instant with its offset. Included.", "2026-11-01"),
        ["to"] = ("A day, included, or (transactions) an instant, excluded.", "2026-11-20"),
        ["kind"] = ("One or more kinds of entries, separated by commas.", "usage,purchase"),
        ["service"] = ("One service.", "voice"),
        ["reference"] = ("Part of a reference or note, up to 100 characters.", "call-4711"),
        ["cursor"] = ("`nextCursor` of the page before. Opaque; it keeps its meaning while new rows come in.", "MTpjcmVkaXRzOjUyNTQ"),
        ["limit"] = ("How many rows: 1 to 200, by default 50.", "50"),
        ["before"] = ("Only what lies before that month or instant.", "2026-11"),
        ["month"] = ("A month in UTC.", "2026-10"),
        ["direction"] = ("`outbound` or `inbound`.", "outbound"),
        ["state"] = ("The state of a message.", "delivered"),
        ["number"] = ("A number of the other side, or a part of one.", "+12025550123"),
        ["country"] = ("Two letters.", "US"),
        ["text"] = ("Part of the message's text, up to 100 characters.", "appointment"),
        ["period"] = ("`7`, `30` or `90` days, or `month`; instead of `from` and `to`.", "30"),
        ["group"] = ("`service`, `number` or `tag`.", "service"),
        ["tag"] = ("A key of your events' metadata, for `group=tag`.", "agent"),
        ["by"] = ("`day`, `week` or `month`; without one what fits the period.", "day"),
        ["layout"] = ("`table` or `series`.", "table"),
        ["paymentMethodId"] = ("The id of a saved card.", "pm_1Qy2Z3a4b5c6d7e8"),
        ["id"] = ("The id of the hold, or of the webhook endpoint.", "01a1faeb-f3ae-7284-9b01-a02dbd66acd2"),
        ["invoiceId"] = ("The id of the invoice.", "01a1faeb-f3ae-7284-9b01-a02dbd66acd2"),
        ["purchaseId"] = ("The id of the purchase.", "01a1faeb-f3ae-7284-9b01-a02dbd66acd2"),
    };

    public static void Explain(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (Known.TryGetValue(parameter.Name ?? "", out var known))
            {
                parameter.Description = known.Text;
                parameter.Example = known.Example.DeepClone();
            }
        }
    }

    public static OpenApiParameter IdempotencyKey() => new()
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Required = false,
        Description = "Any text up to 255 characters. A repeat within 24 hours gets the first 2xx answer; another body under "
            + "the same key is 409 `idempotency_key_reused`.",
        Example = "order-4711",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.KeyLengthMax },
    };
}
