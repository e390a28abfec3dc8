using System.Text.Json;
using System.Text.Json.Serialization;
using BillingPortal.Kernel;

namespace BillingPortal.Web;

/// <summary>
/// An amount leaves as a plain JSON number, exact to four places. It does not come in this way: a number alone has
/// no unit.
/// </summary>
internal sealed class AmountJson : JsonConverter<Amount>
{
    public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Requests carry decimals; the unit comes from elsewhere.");

    public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToDecimal());
}
