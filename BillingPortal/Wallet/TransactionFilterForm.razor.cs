using System.Globalization;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>Edits a <see cref="TransactionQuery"/>.</summary>
public sealed partial class TransactionFilterForm : ComponentBase
{
    private const string Day = "yyyy-MM-dd";
    private TransactionQuery? _known;
    private bool _isOpen; // on narrow screens only, where the form would hide the list
    private string? _unit;
    private DateOnly? _from;
    private DateOnly? _to;
    private string? _kind;
    private string? _service;
    private string? _reference;

    [Parameter, EditorRequired]
    public required TransactionQuery Query { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<Unit> Units { get; set; }

    [Parameter]
    public EventCallback<TransactionQuery> OnApply { get; set; }

    // What is being typed survives a refresh of the page; another address replaces it.
    protected override void OnParametersSet()
    {
        if (Query == _known)
        {
            return;
        }

        _known = Query;
        (_unit, _kind, _service, _reference) = (Query.Unit, Query.Kind ?? "", Query.Service ?? "", Query.Reference);
        (_from, _to) = (DayOf(Query.From), DayOf(Query.To));
    }

    private Task ApplyAsync()
    {
        _isOpen = false;
        return OnApply.InvokeAsync(new TransactionQuery
        {
            Unit = Units.Count > 1 ? _unit : null,
            From = _from?.ToString(Day, CultureInfo.InvariantCulture),
            To = _to?.ToString(Day, CultureInfo.InvariantCulture),
            Kind = _kind,
            Service = _service,
            Reference = _reference,
        });
    }

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
