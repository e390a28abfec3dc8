using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>
/// The outbox message behind an email: which template, with what; to whom is decided when it is sent.
/// </summary>
internal sealed record QueuedEmail(
    string Template, string Kind, string Subject, IReadOnlyDictionary<string, JsonElement> Parameters)
{
    public const string MessageKind = "email";

    public static QueuedEmail Of(
        Type template, string kind, string subject, IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in parameters)
        {
            values[name] = JsonSerializer.SerializeToElement(value, TypeOf(template, name), JsonSerializerOptions.Web);
        }

        return new($"{template.FullName}, {template.Assembly.GetName().Name}", kind, subject, values);
    }

    /// <exception cref="InvalidOperationException">This build has no such template.</exception>
    public Type TemplateType() => Type.GetType(Template) is { } type && type.IsAssignableTo(typeof(IComponent))
        ? type
        : throw new InvalidOperationException($"There is no email template {Template} in this build.");

    public Dictionary<string, object?> TypedParameters()
    {
        var template = TemplateType();
        return Parameters.ToDictionary(
            pair => pair.Key, pair => pair.Value.Deserialize(TypeOf(template, pair.Key), JsonSerializerOptions.Web));
    }

    private static Type TypeOf(Type template, string name) =>
        template.GetProperty(name) is { } property && property.IsDefined(typeof(ParameterAttribute), inherit: true)
            ? property.PropertyType
            : throw new InvalidOperationException($"{template.Name} has no parameter {name}.");
}
