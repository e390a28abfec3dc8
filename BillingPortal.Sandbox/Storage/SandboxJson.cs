using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BillingPortal.Sandbox.Storage;

/// <summary>
/// JSON as the providers write it (snake_case, nulls shown), with and without the sandbox's own properties.
/// </summary>
internal static class SandboxJson
{
    /// <summary>What a caller sees.</summary>
    public static JsonSerializerOptions Public { get; } = Create(showSandboxOnly: false);

    /// <summary>What the state file holds.</summary>
    public static JsonSerializerOptions State { get; } = Create(showSandboxOnly: true);

    private static JsonSerializerOptions Create(bool showSandboxOnly)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (!showSandboxOnly)
        {
            resolver.Modifiers.Add(RemoveSandboxOnly);
        }

        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
        };
    }

    private static void RemoveSandboxOnly(JsonTypeInfo type)
    {
        for (var index = type.Properties.Count - 1; index >= 0; index--)
        {
            var isHidden = type.Properties[index].AttributeProvider?.IsDefined(typeof(SandboxOnlyAttribute), true);
            if (isHidden == true)
            {
                type.Properties.RemoveAt(index);
            }
        }
    }
}
