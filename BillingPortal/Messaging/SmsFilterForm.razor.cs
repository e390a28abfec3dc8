using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>Edits an <see cref="SmsQuery"/>.</summary>
public sealed partial class SmsFilterForm : ComponentBase
{
    private SmsQuery? _known;
    private bool _isOpen; // on narrow screens only, where the form would hide the list
    private DateOnly? _from;
    private DateOnly? _to;
    private string? _direction;
    private string? _state;
    private string? _number;
    private string? _country;
    private string? _text;

    [Parameter, EditorRequired]
    public required SmsQuery Query { get; set; }

    /// <summary>The tenant's numbers that have messages.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Numbers { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Countries { get; set; }

    [Parameter]
    public EventCallback<SmsQuery> OnApply { get; set; }

    // What is being typed survives a refresh of the page; another address replaces it.
    protected override void OnParametersSet()
    {
        if (Query == _known)
        {
            return;
        }

        _known = Query;
        (_from, _to) = (DayOf(Query.From), DayOf(Query.To));
        (_direction, _state) = (Query.Direction ?? "", Query.State ?? "");
        (_number, _country, _text) = (Query.Number ?? "", Query.Country ?? "", Query.Text);
    }

    private Task ApplyAsync()
    {
        _isOpen = false;
        return OnApply.InvokeAsync(new SmsQuery
        {
            From = _from?.ToString(SmsQuery.Day, CultureInfo.InvariantCulture),
            To = _to?.ToString(SmsQuery.Day, CultureInfo.InvariantCulture),
            Direction = _direction,
            State = _state,
            Number = _number,
            Country = _country,
            Text = _text,
        });
    }

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(
        text, SmsQuery.Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
