using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.PhoneNumbers;

/// <summary>What a number costs, from one reading of the price book: the number's own rent before the tenant's price.</summary>
internal readonly struct NumberPrices(PriceSnapshot prices)
{
    /// <summary>Null where the plan has no price for it at that time.</summary>
    public Amount? SetUp(Guid tenantId, Unit plan, DateTimeOffset at) =>
        prices.Find(tenantId, plan, ServiceCodes.NumberSetUp, at)?.Rate(1);

    /// <summary>For one month that begins then; null where the plan has no price for it.</summary>
    public Amount? Monthly(Guid tenantId, Unit plan, long? ownE4, DateTimeOffset at) =>
        ownE4 is { } own ? new Amount(own, plan) : prices.Find(tenantId, plan, ServiceCodes.NumberMonthly, at)?.Rate(1);
}
