using System.Globalization;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Pricing.Editor;

/// <summary>Edits a <see cref="PriceDraft"/>. Decides nothing: the page asks the policy.</summary>
public sealed partial class PriceForm : ComponentBase
{
    private ElementReference _title;

    [Parameter, EditorRequired]
    public PriceDraft Draft { get; set; } = default!;

    /// <summary>The price's rows as they were when the form was opened; null while no tenant is chosen.</summary>
    [Parameter]
    public PriceLine? Line { get; set; }

    [Parameter]
    public PricePreview? Preview { get; set; }

    [Parameter]
    public string? Refusal { get; set; }

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter, EditorRequired]
    public Func<string, Task<IReadOnlyList<TenantChoice>>> Find { get; set; } = default!;

    /// <summary>Another tenant or service was chosen.</summary>
    [Parameter]
    public EventCallback OnKey { get; set; }

    /// <summary>A figure was changed.</summary>
    [Parameter]
    public EventCallback OnEdit { get; set; }

    [Parameter]
    public EventCallback OnPreview { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnCancel { get; set; }

    private bool IsCall => ServiceCodes.TakesFractions(Draft.Service);

    private string UnitName => Draft.Plan is Unit.Usd ? "USD" : "credits";

    private string Title => Draft.IsOwn
        ? $"A price for one tenant, {PriceText.NameOf(Draft.Plan)}"
        : $"New price of {PriceText.NameOf(Draft.Service)}, {PriceText.NameOf(Draft.Plan)}";

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _title.FocusAsync(); // the form stands above the button that opened it
        }
    }

    private Task Edit(Action set)
    {
        set();
        return OnEdit.InvokeAsync();
    }

    private Task ChooseTenantAsync(TenantChoice? tenant)
    {
        Draft.Tenant = tenant;
        return OnKey.InvokeAsync();
    }

    private Task ChooseServiceAsync(ChangeEventArgs chosen)
    {
        Draft.Service = (string?)chosen.Value ?? Draft.Service;
        return OnKey.InvokeAsync();
    }

    private static string? Local(DateTime? at) => at?.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static DateTime? Parse(ChangeEventArgs typed) =>
        DateTime.TryParse((string?)typed.Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
}
