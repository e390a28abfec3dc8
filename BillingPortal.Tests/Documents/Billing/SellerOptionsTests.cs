using BillingPortal.Documents;
using BillingPortal.Documents.Billing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Documents.Billing;

/// <summary>Who sells: the sandbox's name in Development, the real one or no start in Production.</summary>
public sealed class SellerOptionsTests
{
    [Fact]
    public void In_development_the_seller_is_the_sandbox()
    {
        var seller = Seller("Development");

        Assert.Equal(SellerOptions.SandboxName, seller.LegalName);
        Assert.Equal("BP", seller.Series);
    }

    [Fact]
    public void In_production_what_is_missing_is_named()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Seller("Production"));

        Assert.Equal(
            ["Seller:Address", "Seller:Country", "Seller:LegalName"],
            fault.Failures.Select(failure => failure.Split(' ')[0]).Order());
    }

    [Fact]
    public void The_sandboxs_name_is_refused_in_production_and_so_is_a_series_that_is_none()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Seller("Production",
            ("LegalName", SellerOptions.SandboxName), ("Address:0", "x"), ("Country", "IE"), ("Series", "rechnung")));

        Assert.Equal(2, fault.Failures.Count());
    }

    [Fact]
    public void A_seller_of_its_own_is_read_whole()
    {
        var seller = Seller("Production",
            ("LegalName", "Portal GmbH"), ("Address:0", "Hauptstraße 1"), ("Address:1", "10115 Berlin"), ("Country", "DE"),
            ("VatId", "DE123456789"), ("Series", "PG"));

        Assert.Equal(["Portal GmbH", "Hauptstraße 1", "10115 Berlin", "Germany", "VAT id DE123456789"], seller.ToParty().Lines());
    }

    private static SellerOptions Seller(string environment, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(one => new KeyValuePair<string, string?>($"Seller:{one.Name}", one.Value)));
        builder.Services.AddDocuments(builder.Configuration);
        return builder.Build().Services.GetRequiredService<IOptions<SellerOptions>>().Value;
    }
}
