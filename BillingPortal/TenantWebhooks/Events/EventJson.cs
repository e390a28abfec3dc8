using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BillingPortal.Kernel;

namespace BillingPortal.TenantWebhooks.Events;

/// <summary>
/// How payloads are written: names and codes in snake_case, times in UTC to the millisecond, amounts as
/// <c>{"value":12.5,"unit":"credits"}</c>, exact to four places.
/// </summary>
internal static class EventJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // "+" of phone numbers as it is; nothing here becomes HTML
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new Amounts(), new Times() },
    };

    private sealed class Amounts : JsonConverter<Amount>
    {
        public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Events are written, not read.");

        public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("value", value.ToDecimal());
            writer.WriteString("unit", value.Unit.ToCode());
            writer.WriteEndObject();
        }
    }

    private sealed class Times : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Events are written, not read.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
