using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>Edits a text and measures it with every key. Knows nothing of who gets it or what it costs.</summary>
public sealed partial class SmsTextField : ComponentBase
{
    // More than may be sent, so that something pasted is not cut off unseen; less than a circuit's message can hold.
    private const int TypedMax = 4_000;
    private const int Shown = 8;

    private string? _measured;

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    private SmsShape Shape { get; set; } = SmsSegments.Measure("");

    private IReadOnlyList<SmsSpecialGroup> Groups { get; set; } = [];

    // Segments after replacing all, where that makes a difference.
    private int? Saved { get; set; }

    protected override void OnParametersSet()
    {
        if (Text == _measured)
        {
            return;
        }

        _measured = Text;
        Shape = SmsSegments.Measure(Text);
        Groups = SmsSpecials.Group(Shape.Specials);
        var plain = SmsSegments.Measure(SmsSegments.ReplaceAll(Text, Shape.Specials)).Segments;
        Saved = plain < Shape.Segments ? plain : null;
    }

    private Task TypeAsync(ChangeEventArgs change) => TextChanged.InvokeAsync(change.Value as string ?? "");

    private Task ReplaceAsync(Func<SmsSpecial, bool> wanted) =>
        TextChanged.InvokeAsync(SmsSegments.ReplaceAll(Text, Shape.Specials.Where(wanted)));
}
