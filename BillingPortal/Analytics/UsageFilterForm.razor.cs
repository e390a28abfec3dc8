using System.Globalization;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Analytics;

/// <summary>Edits a <see cref="UsageQuery"/>.</summary>
public sealed partial class UsageFilterForm : ComponentBase
{
    private const string Own = "own";
    private UsageQuery? _known;
    private bool _isOpen; // on narrow screens only, where the form would hide the figures
    private string _period = "30";
    private DateOnly? _from;
    private DateOnly? _to;
    private string _group = "service";
    private string _service = "";
    private string _by = "";
    private string _unit = "";

    [Parameter, EditorRequired]
    public required UsageQuery Query { get; set; }

    [Parameter, EditorRequired]
    public required Unit Plan { get; set; }

    /// <summary>The keys that may be chosen.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Tags { get; set; }

    [Parameter]
    public EventCallback<UsageQuery> OnApply { get; set; }

    // What is being chosen survives a refresh of the page; another address replaces it.
    protected override void OnParametersSet()
    {
        if (Query == _known)
        {
            return;
        }

        _known = Query;
        _period = Query.Period ?? (Query.From is null && Query.To is null ? "30" : Own);
        (_from, _to) = (DayOf(Query.From), DayOf(Query.To));
        _group = Query.Tag is { Length: > 0 } tag ? $"tag:{tag}" : Query.Group ?? "service";
        (_service, _by, _unit) = (Query.Service ?? "", Query.By ?? "", Query.Unit ?? Plan.ToCode());
    }

    private Task ApplyAsync()
    {
        _isOpen = false;
        var tag = _group.StartsWith("tag:", StringComparison.Ordinal) ? _group["tag:".Length..] : null;
        return OnApply.InvokeAsync(new UsageQuery
        {
            Period = _period is Own ? null : _period,
            From = _period is Own ? _from?.ToString(UsageQuery.Day, CultureInfo.InvariantCulture) : null,
            To = _period is Own ? _to?.ToString(UsageQuery.Day, CultureInfo.InvariantCulture) : null,
            Group = tag is null ? _group : "tag",
            Tag = tag,
            Service = _service,
            By = _by,
            Unit = _unit == Plan.ToCode() ? null : _unit,
        });
    }

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(
        text, UsageQuery.Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
