using System.Text.Json.Nodes;
using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>Credits for some dollars, paid with the saved card.</summary>
internal sealed class PurchaseOperation(string key, int dollars) : IOperation
{
    public string Kind => "purchase";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var wish = new { customAmount = dollars, paymentMethodId = customer.CardId };
        var answer = await desk.Client.PostAsync(customer, "api/stripe/create-payment-intent", key, wish, cancellationToken);
        if (answer is not { IsSuccess: true, Body: JsonNode bought })
        {
            return answer is null ? Ending.Unanswered : Ending.Refused;
        }

        var id = (Guid)bought["purchaseId"]!;
        desk.Register.Purchases[id] = new BoughtCredits(customer.Id, id, (string?)bought["paymentIntentId"] ?? "", dollars * 100);
        return (string?)bought["status"] is "succeeded" or "processing" ? Ending.Acknowledged : Ending.Refused;
    }
}
