using System.Text.Json.Nodes;
using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>What was used, and how long before the run it happened.</summary>
internal sealed record UsageItem(string Service, int Quantity, string Reference, TimeSpan Ago)
{
    public object Body(DateTimeOffset begun) => new
    {
        service = Service,
        quantity = Quantity,
        reference_id = Reference,
        occurred_at = begun - Ago,
    };

    /// <summary>Takes the portal's word about this event into the register.</summary>
    public bool Note(Register register, Customer customer, string? outcome, JsonNode? amount)
    {
        var name = NameFor(customer);
        if (outcome is "posted" or "duplicate")
        {
            register.Usage[name] = (decimal)amount!;
            return true;
        }

        register.RefusedUsage[name] = true;
        return false;
    }

    public UsageName NameFor(Customer customer) => new(customer.Id, Service, Reference);
}

/// <summary>One usage event.</summary>
internal sealed class UsageOperation(string key, UsageItem item) : IOperation
{
    public string Kind => "usage event";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var answer = await desk.Client.PostAsync(customer, "api/usage", key, item.Body(desk.Begun), cancellationToken);
        if (answer is null)
        {
            desk.Register.UnclearUsage[item.NameFor(customer)] = true;
            return Ending.Unanswered;
        }

        return item.Note(desk.Register, customer, answer.IsSuccess ? (string?)answer.Body!["outcome"] : null, answer.Body?["amount"])
            ? Ending.Acknowledged
            : Ending.Refused;
    }
}
