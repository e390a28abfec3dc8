using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>
/// A call: its price is held, it goes on for a while, what it took is captured; now and then the caller never comes back.
/// </summary>
internal sealed class HoldOperation(string key, int minutes, int used, TimeSpan lasts, bool isForgotten) : IOperation
{
    public string Kind => "call with hold";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var wish = new { service = "voice", quantity = minutes, reference_id = $"call-{key}", expires_in_seconds = 600 };
        var hold = await desk.Client.PostAsync(customer, "api/usage/holds", key, wish, cancellationToken);
        if (hold is not { IsSuccess: true } || isForgotten)
        {
            return hold is null ? Ending.Unanswered : hold.IsSuccess ? Ending.Acknowledged : Ending.Refused;
        }

        await Task.Delay(lasts, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var id = (Guid)hold.Body!["holdId"]!;
        var (verb, body) = used == 0 ? ("release", null) : ("capture", (object?)new { quantity = used });
        var end = await desk.Client.PostAsync(customer, $"api/usage/holds/{id}/{verb}", key + "-end", body, cancellationToken);
        if (end is not { IsSuccess: true })
        {
            return end is null ? Ending.Unanswered : Ending.Refused;
        }

        desk.Register.Holds.Add(used == 0
            ? new EndedHold(customer.Id, id, 0, "released")
            : new EndedHold(customer.Id, id, (decimal)end.Body!["amount"]!, "captured"));
        return Ending.Acknowledged;
    }
}
