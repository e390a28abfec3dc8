using BillingPortal.Documents.Billing;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Documents.Billing;

/// <summary>What a tenant wants to read on its documents: tidied, checked in words, saved with who and when.</summary>
public sealed class BillingDetailsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly BillingDetailsForm Good = new()
    {
        LegalName = "  Müller & Söhne   GmbH ",
        Address = "Straße 1\r\n\r\n 80331 München \n",
        Country = "de",
        VatId = "de 123 456 789",
        TaxName = "USt",
        TaxPercent = 19,
        PurchaseOrder = "PO-7",
    };

    [Fact]
    public async Task What_is_saved_is_tidied_and_says_who_changed_it_and_when()
    {
        var (tenant, person) = (await postgres.TenantRowAsync(), Ids.New());
        var service = postgres.BillingDetails();
        Assert.Null(await service.FindAsync(tenant));

        Assert.Empty(await service.SaveAsync(tenant, Good, person));

        var saved = (await service.FindAsync(tenant))!;
        Assert.Equal(("Straße 1\n80331 München", "DE", "DE123456789", 19m), (saved.Address, saved.Country, saved.VatId, saved.TaxPercent));
        Assert.Equal((person, postgres.Clock.GetUtcNow()), (saved.UpdatedBy!.Value, saved.UpdatedAt));
        Assert.Equal("19", $"{BillingDetailsForm.Of(saved, "x").TaxPercent}");
    }

    [Fact]
    public async Task A_change_replaces_and_an_emptied_field_is_gone()
    {
        var tenant = await postgres.TenantRowAsync();
        var service = postgres.BillingDetails();
        await service.SaveAsync(tenant, Good, userId: null);

        Assert.Empty(await service.SaveAsync(tenant, Good with { VatId = "", PurchaseOrder = " ", TaxPercent = 8.875m }, null));

        var saved = (await service.FindAsync(tenant))!;
        Assert.Equal((null, null, 8.875m), (saved.VatId, saved.PurchaseOrder, saved.TaxPercent));
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        var (one, other) = (await postgres.TenantRowAsync(), await postgres.TenantRowAsync());
        await postgres.BillingDetails().SaveAsync(one, Good, null);

        Assert.Null(await postgres.BillingDetails().FindAsync(other));
    }

    [Theory]
    [InlineData("LegalName", "", "Write the name that stands on your bills.")]
    [InlineData("LegalName", "漢字 Ltd", "“漢” cannot be printed on documents. Use Latin, Greek or Cyrillic letters.")]
    [InlineData("Address", "a\nb\nc\nd\ne\nf", "Use at most 5 lines.")]
    [InlineData("Country", "Germany", "Choose a country.")]
    [InlineData("Country", "XX", "Choose a country.")]
    [InlineData("VatId", "DE!", "A VAT id has 4 to 32 letters and digits, for example DE123456789.")]
    [InlineData("TaxPercent", "100", "The rate is a number from 0 to 99.9999, for example 19.")]
    [InlineData("TaxPercent", "7.00001", "The rate is a number from 0 to 99.9999, for example 19.")]
    [InlineData("TaxPercent", "-1", "The rate is a number from 0 to 99.9999, for example 19.")]
    [InlineData("TaxName", "", "Write what the tax is called, for example VAT.")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_saved(string field, string typed, string words)
    {
        var tenant = await postgres.TenantRowAsync();
        var form = Good with { };
        var property = typeof(BillingDetailsForm).GetProperty(field)!;
        property.SetValue(form, field == "TaxPercent"
            ? decimal.Parse(typed, System.Globalization.CultureInfo.InvariantCulture) : typed);

        var faults = await postgres.BillingDetails().SaveAsync(tenant, form, null);

        Assert.Equal((field, words), (Assert.Single(faults).Key, faults[field]));
        Assert.Null(await postgres.BillingDetails().FindAsync(tenant));
    }

    // The European prices: 22.00 with 19 % contains 3.51 (3.5126), 6.50 contains 1.04 (1.0378).
    [Theory]
    [InlineData(2200, 19, 351)]
    [InlineData(650, 19, 104)]
    [InlineData(2200, 0, 0)]
    [InlineData(1000, 8.875, 82)]
    [InlineData(1, 19, 0)]
    public void The_tax_is_contained_in_the_price(long gross, double percent, long tax) =>
        Assert.Equal(tax, TaxPolicy.Contained(gross, (decimal)percent));

    [Fact]
    public void Credits_that_give_everything_back_give_all_tax_back_to_the_cent()
    {
        var before = 0L;
        var tax = 0L;
        foreach (var credit in new long[] { 333, 333, 334, 1, 1199 })
        {
            tax += TaxPolicy.Credited(2200, before, credit, 19);
            before += credit;
        }

        Assert.Equal((2200, 351), (before, tax));
    }

    [Fact]
    public void Every_country_has_two_letters_and_a_name_that_can_be_printed()
    {
        Assert.Equal(249, Countries.All.Count);
        Assert.All(Countries.All, country =>
        {
            Assert.Matches("^[A-Z]{2}$", country.Code);
            Assert.Null(BillingPortal.Documents.Pdf.PdfFonts.Unprintable(country.Name));
        });
        Assert.Equal("Côte d’Ivoire", Countries.Find("CI")!.Name);
    }
}
