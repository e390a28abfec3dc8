using BillingPortal.Kernel;

namespace BillingPortal.Analytics;

/// <summary>What a person is typing into the form of a budget. Nothing stands before it is saved.</summary>
public sealed class BudgetDraft
{
    /// <summary>Empty for all services.</summary>
    public string Service { get; set; } = "";

    public decimal? Amount { get; set; }

    public HashSet<int> Shares { get; } = [.. Budget.AllShares];

    /// <summary>True while an existing budget is changed: then the service stands.</summary>
    public bool IsChange { get; private init; }

    public string? Fault { get; set; }

    public static BudgetDraft Of(Budget budget)
    {
        var draft = new BudgetDraft { Service = budget.Service, Amount = budget.Amount.ToDecimal(), IsChange = true };
        draft.Shares.IntersectWith(budget.Shares);
        return draft;
    }

    public void Set(int share, bool isOn)
    {
        if (isOn)
        {
            Shares.Add(share);
        }
        else
        {
            Shares.Remove(share);
        }
    }
}
