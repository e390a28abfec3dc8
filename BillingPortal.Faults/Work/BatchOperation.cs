using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>Several usage events in one request; each is answered for itself.</summary>
internal sealed class BatchOperation(string key, IReadOnlyList<UsageItem> items) : IOperation
{
    public string Kind => "usage batch";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var body = items.Select(item => item.Body(desk.Begun)).ToArray();
        var answer = await desk.Client.PostAsync(customer, "api/usage", key, body, cancellationToken);
        if (answer is not { IsSuccess: true })
        {
            foreach (var item in items)
            {
                desk.Register.UnclearUsage[item.NameFor(customer)] = true;
            }

            return answer is null ? Ending.Unanswered : Ending.Refused;
        }

        var results = answer.Body!["results"]!.AsArray();
        var taken = items.Zip(results).Count(pair =>
            pair.First.Note(desk.Register, customer, (string?)pair.Second!["outcome"], pair.Second["amount"]));
        return taken > 0 ? Ending.Acknowledged : Ending.Refused;
    }
}
