using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;

namespace BillingPortal.Demo;

/// <summary>The numbers of the made-up tenants: bought at the sandbox on their day, rented from then on like everybody's.</summary>
public sealed class DemoNumbers(PhoneNumberService numbers, RentService rents, BalanceReader balances)
{
    /// <summary>Acme's, in the order in which they are bought.</summary>
    public static readonly IReadOnlyList<DemoNumber> Acme =
    [
        new(0, new BuyWish("+14155550142", "US", "Front desk")),
        new(2, new BuyWish("+12125550117", "US", "Support line")),
        new(12, new BuyWish("+13125550164", "US", "Campaigns")),
    ];

    /// <summary>Bolt's one number.</summary>
    public static readonly IReadOnlyList<DemoNumber> Bolt = [new(1, new BuyWish("+493023125010", "DE", "Dispatch"))];

    /// <summary>The next number that the tenant wants by then and does not have; null when it has all.</summary>
    internal static DemoNumber? Next(DemoTenant demo, int owned, DateTimeOffset start, DateTimeOffset at) =>
        Of(demo).Skip(owned).FirstOrDefault(number => start.AddDays(number.Day) <= at);

    /// <summary>The first ones, as many as were bought.</summary>
    internal static IReadOnlyList<string> Owned(DemoTenant demo, int count) =>
        [.. Of(demo).Take(count).Select(number => number.Wish.Number)];

    /// <summary>True when the balance covers a number and the hours that follow.</summary>
    internal async Task<bool> IsCoveredAsync(DemoTenant demo, Amount kept, CancellationToken cancellationToken)
    {
        var fee = demo.Tenant.Plan is Unit.Credits ? Amount.Credits(500) : Amount.Usd(5);
        var balance = await balances.ReadAsync(demo.Tenant.Id, demo.Tenant.Plan, cancellationToken);
        return balance.Available >= fee + kept;
    }

    internal async Task BuyAsync(DemoTenant demo, DemoNumber number, CancellationToken cancellationToken)
    {
        var bought = await numbers.BuyAsync(
            demo.Tenant.Id, demo.Tenant.Plan, number.Wish, $"demo-{number.Wish.Number}", cancellationToken);
        if (bought.Outcome is not BuyOutcome.Bought)
        {
            throw new InvalidOperationException($"The number of {demo.Tenant.Slug} was not bought: {bought.Text}");
        }
    }

    /// <summary>What the job does every night.</summary>
    internal Task<RentCounts> PayRentAsync(CancellationToken cancellationToken) => rents.RunAsync(cancellationToken);

    internal static IReadOnlyList<DemoNumber> Of(DemoTenant demo) => demo.Tenant.Plan is Unit.Credits ? Acme : Bolt;
}

/// <summary>A number and the day of the demo's past on which it is bought.</summary>
public sealed record DemoNumber(int Day, BuyWish Wish);
