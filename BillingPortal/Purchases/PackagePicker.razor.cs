using BillingPortal.Kernel;
using BillingPortal.Pricing;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Purchases;

/// <summary>
/// Lets the buyer choose what to buy. Changes the form and says so; knows no price that it was not given.
/// </summary>
public sealed partial class PackagePicker : ComponentBase
{
    [Parameter, EditorRequired]
    public PurchaseForm Form { get; set; } = default!;

    [Parameter]
    public IReadOnlyList<CreditPackage> Packages { get; set; } = [];

    [Parameter]
    public IReadOnlyList<int> FixedUsd { get; set; } = [];

    [Parameter]
    public Amount Bonus { get; set; }

    /// <summary>Why the typed amount cannot be bought; null when it can, or while nothing is typed.</summary>
    [Parameter]
    public string? Hint { get; set; }

    [Parameter]
    public string Limits { get; set; } = "";

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    // The mark is for a package that really is cheaper per credit than the others.
    private string? BestCode => Packages.Count < 2 ? null : Packages.MinBy(package => package.CentsPerCredit)?.Code;

    private Task ChooseAsync(string? packageCode, int? fixedUsd)
    {
        (Form.PackageCode, Form.FixedUsd) = (packageCode, fixedUsd);
        return Changed.InvokeAsync();
    }

    private Task ChooseCustomAsync() => Form.IsCustom ? Task.CompletedTask : ChooseAsync(null, null);

    private Task TypeAsync(ChangeEventArgs change)
    {
        Form.CustomText = change.Value as string ?? "";
        return ChooseAsync(null, null);
    }
}
