using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge;

/// <summary>The fields of the rule. It changes the form it was given and tells so; it saves nothing.</summary>
public sealed partial class RechargeRuleForm : ComponentBase
{
    [Parameter, EditorRequired]
    public RechargeView View { get; set; } = default!;

    [Parameter, EditorRequired]
    public RechargeForm Form { get; set; } = default!;

    [Parameter, EditorRequired]
    public RechargeOptions Options { get; set; } = default!;

    /// <summary>What is wrong with the fields.</summary>
    [Parameter]
    public string? Problem { get; set; }

    /// <summary>What the fields would do.</summary>
    [Parameter]
    public string? Example { get; set; }

    [Parameter]
    public bool IsDirty { get; set; }

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter]
    public bool CanPay { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnReset { get; set; }

    private string UnitWord => View.Plan is Unit.Credits ? "credits" : "USD";

    private IEnumerable<RechargeSize> Sizes => View.Plan is Unit.Credits
        ? [RechargeSize.Amount, RechargeSize.Package, RechargeSize.Target]
        : [RechargeSize.Amount, RechargeSize.Target];

    private string Hint => Form.Size switch
    {
        RechargeSize.Amount when View.Plan is Unit.Credits =>
            "Bought as the cheapest set of packages that brings at least this much.",
        RechargeSize.Amount => "Charged to your card as it stands here.",
        RechargeSize.Package => "More is bought only if this would not bring you back to the threshold.",
        RechargeSize.Target => "As much as is missing to this balance.",
    };

    private static string Name(RechargeSize size) => size switch
    {
        RechargeSize.Amount => "An amount",
        RechargeSize.Package => "A package",
        RechargeSize.Target => "Up to a balance",
    };

    private Task ChooseAsync(RechargeSize size)
    {
        Form.Size = size;
        return OnChanged.InvokeAsync();
    }
}
