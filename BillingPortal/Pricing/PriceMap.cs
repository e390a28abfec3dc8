using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Pricing;

/// <summary>Table <c>prices</c>, seeded with the price list that a new installation starts with.</summary>
internal sealed class PriceMap : IEntityTypeConfiguration<Price>
{
    /// <summary>Before any usage there can be.</summary>
    internal static readonly DateTimeOffset Always = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Configure(EntityTypeBuilder<Price> price)
    {
        PriceColumns.Configure(price, "prices");
        price.HasIndex(row => new { row.Plan, row.Service, row.ValidFrom }).IsUnique();
        price.HasData(
            Seed(Unit.Credits, ServiceCodes.Voice, 25, perStarted: true),
            Seed(Unit.Credits, ServiceCodes.SmsOutbound, 5),
            Seed(Unit.Credits, ServiceCodes.SmsInbound, 1),
            Seed(Unit.Credits, ServiceCodes.Email, 1),
            Seed(Unit.Credits, ServiceCodes.NumberSetUp, 500),
            Seed(Unit.Credits, ServiceCodes.NumberMonthly, 100),
            Seed(Unit.Usd, ServiceCodes.Voice, 0.05m, connection: 0.10m),
            Seed(Unit.Usd, ServiceCodes.SmsOutbound, 0.02m),
            Seed(Unit.Usd, ServiceCodes.SmsInbound, 0.02m),
            Seed(Unit.Usd, ServiceCodes.Email, 0.01m),
            Seed(Unit.Usd, ServiceCodes.Fax, 0.15m),
            Seed(Unit.Usd, ServiceCodes.FileTransfer, 0.05m),
            Seed(Unit.Usd, ServiceCodes.NumberSetUp, 5),
            Seed(Unit.Usd, ServiceCodes.NumberMonthly, 1));
    }

    private static Price Seed(
        Unit plan, string service, decimal rate, decimal connection = 0, bool perStarted = false) => new()
        {
            Id = Ids.FromName("price", plan.ToCode(), service, Always.ToString("O", CultureInfo.InvariantCulture)),
            Plan = plan,
            Service = service,
            BaseE4 = Amount.Of(connection, plan).E4,
            RateE4 = Amount.Of(rate, plan).E4,
            PerStarted = perStarted,
            ValidFrom = Always,
        };
}

/// <summary>Table <c>tenant_prices</c>: overrides, under row-level security like all of a tenant's rows.</summary>
internal sealed class TenantPriceMap : IEntityTypeConfiguration<TenantPrice>
{
    public void Configure(EntityTypeBuilder<TenantPrice> price)
    {
        PriceColumns.Configure(price, "tenant_prices");
        price.HasIndex(row => new { row.TenantId, row.Plan, row.Service, row.ValidFrom }).IsUnique();
    }
}

/// <summary>What both price tables have in common.</summary>
internal static class PriceColumns
{
    public static void Configure<TRow>(EntityTypeBuilder<TRow> price, string table)
        where TRow : PriceRow
    {
        price.ToTable(table, options =>
        {
            options.HasCheckConstraint($"ck_{table}_service",
                "service IN ('voice', 'sms_outbound', 'sms_inbound', 'email', 'fax', 'file_transfer', 'number_set_up', "
                + "'number_monthly')");
            // The upper bound (a million units) keeps rated amounts within 64 bits for every quantity that usage accepts.
            options.HasCheckConstraint($"ck_{table}_amounts",
                "base_e4 BETWEEN 0 AND 10000000000 AND rate_e4 BETWEEN 0 AND 10000000000");
            options.HasCheckConstraint($"ck_{table}_span", "valid_until > valid_from");
        });
        price.HasCode(row => row.Plan);
    }
}
