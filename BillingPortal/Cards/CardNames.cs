namespace BillingPortal.Cards;

/// <summary>How people call the brands.</summary>
public static class CardNames
{
    /// <summary>Stands in the place of a brand where a payment came from a bank account.</summary>
    public const string BankBrand = "us_bank_account";

    public static string Of(string? brand) => brand switch
    {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        "diners" => "Diners Club",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        BankBrand => "Bank account",
        "apple_pay" => "Apple Pay",
        "google_pay" => "Google Pay",
        _ => "Card",
    };

    /// <summary>For example <c>Visa ••4242</c>.</summary>
    public static string Of(SavedCard card) => $"{Of(card.Brand)} ••{card.Last4}";
}
