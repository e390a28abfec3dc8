using System.Globalization;
using BillingPortal.Faults.Scene;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Faults.Work;

/// <summary>A phone number is bought and perhaps given back, as the page does it: by the room's service, under the browser's key.</summary>
internal sealed class NumberOperation(string key, int choice, TimeSpan lasts, bool isGivenBack) : IOperation
{
    public string Kind => "phone number";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var numbers = desk.World.Rooms.Services.GetRequiredService<PhoneNumberService>();
        var wish = new BuyWish(string.Create(CultureInfo.InvariantCulture, $"+1415{2_000_000 + (choice % 7_000_000)}"), "US");
        BuyResult? bought = null;
        while (bought is null or { Outcome: BuyOutcome.Pending })
        {
            bought = await TryAsync(() => numbers.BuyAsync(customer.Id, Unit.Credits, wish, key, CancellationToken.None));
            if (bought is { Outcome: not BuyOutcome.Pending })
            {
                break;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return Ending.Unanswered;
            }

            await Task.Delay(1000, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (bought is not { Outcome: BuyOutcome.Bought, Number: { } number })
        {
            return Ending.Refused;
        }

        await Task.Delay(lasts, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (isGivenBack && !cancellationToken.IsCancellationRequested)
        {
            // Pending and not found are both "asked already": the sweep does the rest.
            if (await TryAsync(async () => (ReleaseOutcome?)await numbers.ReleaseAsync(customer.Id, number.Id)) is not null)
            {
                return Ending.Acknowledged;
            }

            await Task.Delay(1000, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Ending.Acknowledged;
    }

    // Whatever the network or the database does to the page, the person presses the button again.
    private static async Task<T?> TryAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return default;
        }
    }
}
