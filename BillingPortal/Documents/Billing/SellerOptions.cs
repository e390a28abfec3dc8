using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Documents.Billing;

/// <summary>Who sells, as it stands on receipts and statements. Section <c>Seller</c>.</summary>
public sealed record SellerOptions
{
    public const string Section = "Seller";

    /// <summary>What Development and the sandbox print; refused in Production.</summary>
    public const string SandboxName = "BillingPortal Sandbox Ltd";

    /// <summary>
    /// Begins every receipt number. A seller with books of its own has a series of its own; never changed afterwards.
    /// </summary>
    public string Series { get; set; } = "BP";

    /// <summary>The same for invoices; another word than <see cref="Series"/>.</summary>
    public string InvoiceSeries { get; set; } = "INV";

    public string LegalName { get; set; } = "";

    /// <summary>Street, postcode and town; one line each.</summary>
    public IReadOnlyList<string> Address { get; set; } = [];

    /// <summary>ISO 3166-1, two letters.</summary>
    public string Country { get; set; } = "";

    public string? VatId { get; set; }

    /// <summary>Where questions about a bill go; in the foot of every page.</summary>
    public string? Email { get; set; }

    /// <summary>The account that invoices are paid to, one line each; empty: invoices are paid online.</summary>
    public IReadOnlyList<string> BankDetails { get; set; } = [];

    internal Party ToParty() => new(LegalName, Address, Country, VatId, Email);
}

/// <summary>
/// Outside Production an unnamed seller is the sandbox's; in Production it stops the start, naming the setting.
/// </summary>
internal sealed partial class SellerOptionsRules(IHostEnvironment environment)
    : IPostConfigureOptions<SellerOptions>, IValidateOptions<SellerOptions>
{
    public void PostConfigure(string? name, SellerOptions seller)
    {
        if (environment.IsProduction() || seller is not { LegalName: "", Address.Count: 0, Country: "" })
        {
            return;
        }

        seller.LegalName = SellerOptions.SandboxName;
        seller.Address = ["1 Example Street", "Dublin D02 XY45"];
        seller.Country = "IE";
        seller.VatId ??= "IE0000000X";
        seller.Email ??= "billing@portal.example";
        seller.BankDetails = seller.BankDetails is []
            ? ["Sandbox Bank, Dublin", "IBAN IE00 SAND 0000 0000 0000 00", "BIC SANDIE2D"] : seller.BankDetails;
    }

    public ValidateOptionsResult Validate(string? name, SellerOptions seller)
    {
        string?[] faults =
        [
            Series().IsMatch(seller.Series) ? null : "Seller:Series must be 1 to 8 capital letters or digits.",
            Series().IsMatch(seller.InvoiceSeries) && seller.InvoiceSeries != seller.Series ? null
                : "Seller:InvoiceSeries must be 1 to 8 capital letters or digits, and not Seller:Series.",
            string.IsNullOrWhiteSpace(seller.LegalName) ? "Seller:LegalName is not set." : null,
            environment.IsProduction() && seller.LegalName == SellerOptions.SandboxName
                ? "Seller:LegalName has the sandbox's value. Production needs the seller's own name."
                : null,
            seller.Address.Count is 0 or > BillingDetailsForm.AddressLinesMax
                || seller.Address.Any(string.IsNullOrWhiteSpace)
                ? $"Seller:Address must be a list of 1 to {BillingDetailsForm.AddressLinesMax} lines."
                : null,
            Countries.Find(seller.Country) is null
                ? "Seller:Country must be a country's two letters, such as IE."
                : null,
        ];
        var found = faults.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    [GeneratedRegex("^[A-Z0-9]{1,8}$")]
    private static partial Regex Series();
}
