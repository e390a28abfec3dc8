namespace BillingPortal.Cards;

/// <summary>How people call the brands.</summary>
public static class CardNames
{
    public static string Of(string? brand) => brand switch
    {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        "diners" => "Diners Club",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        _ => "Card",
    };

    /// <summary>For example <c>Visa ••4242</c>.</summary>
    public static string Of(SavedCard card) => $"{Of(card.Brand)} ••{card.Last4}";
}
