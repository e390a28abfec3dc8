using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BillingPortal.Messaging;

/// <summary>
/// A text as it will travel: characters that force UCS-2 marked where they stand, and a line where each segment begins.
/// In code rather than markup, because every space of it counts.
/// </summary>
public sealed class SmsPreview : ComponentBase
{
    // A long text scrolls, also by keyboard.
    private static readonly Dictionary<string, object> Region = new(StringComparer.Ordinal)
    {
        ["tabindex"] = "0",
        ["role"] = "group",
        ["aria-label"] = "Preview, with segments and marked characters",
    };

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter, EditorRequired]
    public required SmsShape Shape { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "class", "sms-preview");
        builder.AddAttribute(2, "dir", "auto");
        builder.AddMultipleAttributes(12, Region);
        var at = 0;
        foreach (var (place, special) in Marks())
        {
            builder.AddContent(3, Text[at..place]);
            at = place;
            if (special is null)
            {
                AddCut(builder, Shape.Starts.Index().First(start => start.Item == place).Index + 1);
            }
            else
            {
                AddSpecial(builder, special);
                at = special.End;
            }
        }

        builder.AddContent(3, Text[at..]);
        builder.CloseElement();
    }

    // In the order of the text; where both are, the segment begins before the character. A cut inside a character
    // that a reader sees as one (a family of emoji) is drawn after it.
    private IEnumerable<(int Place, SmsSpecial? Special)> Marks()
    {
        var specials = Shape.Specials.Select(special => (Place: special.Start, Special: (SmsSpecial?)special));
        var cuts = Shape.Starts.Skip(1).Select(start => (
            Place: Shape.Specials.Any(special => special.Start < start && start < special.End) ? -1 : start,
            Special: (SmsSpecial?)null));
        return specials.Concat(cuts.Where(cut => cut.Place >= 0)).OrderBy(mark => mark.Place)
            .ThenBy(mark => mark.Special is not null);
    }

    private static void AddCut(RenderTreeBuilder builder, int segment)
    {
        builder.OpenElement(4, "span");
        builder.AddAttribute(5, "class", "sms-cut");
        builder.AddAttribute(6, "title", $"Segment {segment} begins here");
        builder.AddContent(7, segment);
        builder.CloseElement();
    }

    private static void AddSpecial(RenderTreeBuilder builder, SmsSpecial special)
    {
        builder.OpenElement(8, "mark");
        builder.AddAttribute(9, "class", "sms-special");
        builder.AddAttribute(10, "title", SmsSpecials.Explain(special));
        foreach (var (text, code) in SmsBodyText.Parts(special.Text))
        {
            if (code is not null)
            {
                SmsBody.AddSign(builder, text, code);
            }
            else
            {
                builder.AddContent(11, text == "\u00A0" ? "\u237D" : text);
            }
        }

        builder.CloseElement();
    }
}
