using System.Text.RegularExpressions;
using BillingPortal.Documents.Pdf;

namespace BillingPortal.Documents.Billing;

/// <summary>Billing details as a person types them, and what is wrong with them in words. Saves nothing.</summary>
public sealed partial record BillingDetailsForm
{
    public const int NameMax = 200;
    public const int AddressMax = 500;
    public const int AddressLinesMax = 5;
    public const int VatIdMax = 32;
    public const int TaxNameMax = 20;
    public const int PurchaseOrderMax = 100;

    public string LegalName { get; set; } = "";

    public string Address { get; set; } = "";

    public string Country { get; set; } = "";

    public string VatId { get; set; } = "";

    public string TaxName { get; set; } = "VAT";

    public decimal? TaxPercent { get; set; } = 0;

    public string PurchaseOrder { get; set; } = "";

    /// <param name="details">Null: none are saved yet.</param>
    /// <param name="tenantName">Stands in for the legal name until there is one.</param>
    public static BillingDetailsForm Of(BillingDetails? details, string tenantName) => details is null
        ? new BillingDetailsForm { LegalName = tenantName }
        : new BillingDetailsForm
        {
            LegalName = details.LegalName,
            Address = details.Address,
            Country = details.Country,
            VatId = details.VatId ?? "",
            TaxName = details.TaxName,
            TaxPercent = details.TaxPercent / 1.0000m, // 19.0000 reads 19
            PurchaseOrder = details.PurchaseOrder ?? "",
        };

    /// <summary>Without what nobody meant to type: spaces around, empty lines, small letters in codes.</summary>
    public BillingDetailsForm Tidied() => this with
    {
        LegalName = OneLine(LegalName),
        Address = string.Join('\n', PdfText.Clean(Address).Split('\n').Select(OneLine).Where(line => line.Length > 0)),
        Country = OneLine(Country).ToUpperInvariant(),
        VatId = Spaces().Replace(OneLine(VatId), "").ToUpperInvariant(),
        TaxName = OneLine(TaxName),
        PurchaseOrder = OneLine(PurchaseOrder),
    };

    /// <summary>What is wrong, by the name of the field; empty when all is well. Call on a tidied form.</summary>
    public IReadOnlyDictionary<string, string> Faults()
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        Text(faults, nameof(LegalName), LegalName, NameMax, "Write the name that stands on your bills.");
        Text(faults, nameof(Address), Address, AddressMax, "Write street, postcode and town.");
        Text(faults, nameof(TaxName), TaxName, TaxNameMax, "Write what the tax is called, for example VAT.");
        Text(faults, nameof(PurchaseOrder), PurchaseOrder, PurchaseOrderMax, missing: null);
        if (Address.Split('\n').Length > AddressLinesMax)
        {
            faults.TryAdd(nameof(Address), $"Use at most {AddressLinesMax} lines.");
        }

        if (Countries.Find(Country) is null)
        {
            faults[nameof(Country)] = "Choose a country.";
        }

        if (VatId.Length > 0 && !VatIdShape().IsMatch(VatId))
        {
            faults[nameof(VatId)] = "A VAT id has 4 to 32 letters and digits, for example DE123456789.";
        }

        if (TaxPercent is not (>= 0 and < 100) || decimal.Round(TaxPercent.Value, 4) != TaxPercent)
        {
            faults[nameof(TaxPercent)] = "The rate is a number from 0 to 99.9999, for example 19.";
        }

        return faults;
    }

    private static void Text(
        Dictionary<string, string> faults, string field, string value, int most, string? missing)
    {
        var fault = value.Length == 0 ? missing
            : value.Length > most ? $"Use at most {most} characters."
            : PdfFonts.Unprintable(value.Replace('\n', ' ')) is { } letter
                ? $"“{letter}” cannot be printed on documents. Use Latin, Greek or Cyrillic letters."
            : null;
        if (fault is not null)
        {
            faults[field] = fault;
        }
    }

    private static string OneLine(string text) => PdfText.Clean(text).Replace('\n', ' ').Trim();

    [GeneratedRegex(@"[\s.]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9/+*-]{3,31}$")]
    private static partial Regex VatIdShape();
}
