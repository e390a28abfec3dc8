using System.Globalization;
using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>
/// Part of an earlier payment goes back to the card, by a person in Stripe's dashboard: the portal hears of it by webhook.
/// </summary>
internal sealed class RefundOperation(string key, int choice, int dollars) : IOperation
{
    private const int TriesMax = 20;

    public string Kind => "refund at Stripe";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var paid = desk.Register.Purchases.Values.Where(one => one.TenantId == customer.Id && one.IntentId.Length > 0)
            .OrderBy(one => one.PurchaseId).ToList();
        if (paid.Count == 0)
        {
            return Ending.NotTried;
        }

        var intent = paid[choice % paid.Count].IntentId;
        var cents = (dollars * 100).ToString(CultureInfo.InvariantCulture);
        for (var attempt = 0; attempt < TriesMax && !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                var (status, _) = await desk.World.Control.StripeAsync("refunds", key, ("payment_intent", intent), ("amount", cents));
                if (status is not (429 or 409 or >= 500))
                {
                    return status == 200 ? Ending.Acknowledged : Ending.Refused;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // a fault of the provider's; the key makes it safe to repeat
            }

            await Task.Delay(500, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Ending.Unanswered;
    }
}
