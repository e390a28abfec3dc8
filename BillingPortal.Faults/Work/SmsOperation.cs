using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>One message to a handset that gets no other.</summary>
internal sealed class SmsOperation(string key, string handset, bool isLong) : IOperation
{
    public string Kind => "sms";

    public async Task<Ending> RunAsync(Desk desk, Customer customer, CancellationToken cancellationToken)
    {
        var message = isLong ? string.Join(' ', Enumerable.Repeat("Your appointment is tomorrow.", 8)) : "Your code is 4711.";
        var answer = await desk.Client.PostAsync(customer, "api/sms/send", key, new { to = handset, message }, cancellationToken);
        if (answer is null)
        {
            return Ending.Unanswered;
        }

        if (answer.IsSuccess)
        {
            desk.Register.Sms[handset] = (customer, (string?)answer.Body!["messageSid"] ?? "");
            return Ending.Acknowledged;
        }

        desk.Register.RefusedSms[handset] = customer;
        return Ending.Refused;
    }
}
