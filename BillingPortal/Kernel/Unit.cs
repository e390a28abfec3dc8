namespace BillingPortal.Kernel;

/// <summary>The two units an account can have: the product's credits and the wallet's US dollars.</summary>
public enum Unit
{
    Credits = 1,
    Usd = 2,
}

/// <summary>The public spelling of <see cref="Unit"/>: <c>credits</c> and <c>usd</c>.</summary>
public static class Units
{
    public static string ToCode(this Unit unit) => unit switch
    {
        Unit.Credits => "credits",
        Unit.Usd => "usd",
    };

    /// <summary>Null for anything that is not a unit's code.</summary>
    public static Unit? Parse(string? code) => code switch
    {
        "credits" => Unit.Credits,
        "usd" => Unit.Usd,
        _ => null,
    };
}
