using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BillingPortal.Messaging;

/// <summary>
/// Somebody's text, shown so that it cannot do anything: encoded, isolated from the direction of the text around it,
/// hidden characters as signs. In code rather than markup, because every space of it counts.
/// </summary>
public sealed class SmsBody : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter]
    public string Class { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "bdi");
        builder.AddAttribute(1, "class", $"sms-body {Class}".TrimEnd());
        builder.AddAttribute(2, "dir", "auto");
        foreach (var (text, code) in SmsBodyText.Parts(Text))
        {
            if (code is null)
            {
                builder.AddContent(3, text);
            }
            else
            {
                AddSign(builder, text, code);
            }
        }

        builder.CloseElement();
    }

    // A sign stands by itself: what is written around it does not turn it.
    internal static void AddSign(RenderTreeBuilder builder, string text, string code)
    {
        builder.OpenElement(4, "bdi");
        builder.AddAttribute(5, "class", "sms-sign");
        builder.AddAttribute(6, "title", $"Hidden character {code}");
        builder.AddContent(7, text);
        builder.CloseElement();
    }
}
