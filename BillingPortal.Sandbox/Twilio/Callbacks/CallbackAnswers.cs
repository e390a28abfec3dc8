using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>Does what the web server's answers ask for, and notes what is wrong with them in the debugger.</summary>
internal sealed class CallbackAnswers(MessageLife life, SandboxTime time)
{
    private const int BodyLengthMax = 1600;

    public void Listen(WebhookSender sender) => sender.Answered += (change, message, answer) =>
    {
        if (message is TwilioCallback callback)
        {
            Take(change, callback, answer);
        }
    };

    private void Take(Change change, TwilioCallback callback, WebhookAnswer answer)
    {
        switch (callback.Type)
        {
            case TwilioCallbacks.InboundType:
                var reading = Twiml.ReadForMessage(answer);
                Complain(change, callback, reading.Complaints);
                foreach (var reply in reading.Messages)
                {
                    Reply(change, callback, reply);
                }

                break;
            case TwilioCallbacks.CallType:
                Complain(change, callback, Twiml.ReadForCall(answer).Complaints);
                break;
            default:
                Complain(change, callback, answer.IsAccepted ? [] : [Complaint.NotRetrieved(answer.Words)]);
                break;
        }
    }

    private void Reply(Change change, TwilioCallback callback, TwimlMessage reply)
    {
        var asked = change.Find<SmsMessage>(callback.Subject)!;
        var (from, to) = (reply.From ?? asked.To, reply.To ?? asked.From);
        if (OptOut.Blocks(change, from, to))
        {
            Complain(change, callback, [new Complaint(21610, "Attempt to send to unsubscribed recipient")]);
        }
        else if (reply.Text.Length > BodyLengthMax)
        {
            Complain(change, callback, [new Complaint(21617, "The message body exceeds the 1600 character limit")]);
        }
        else
        {
            var message = MessageEndpoints.Outgoing(from, to, reply.Text, SmsDirection.Reply, time.GetUtcNow());
            life.Accept(change, message with { StatusCallback = reply.StatusCallback });
            change.Then(() => life.Start(message.Id));
        }
    }

    private void Complain(Change change, TwilioCallback callback, IEnumerable<Complaint> complaints)
    {
        foreach (var complaint in complaints)
        {
            DebuggerAlert.Raise(change, callback, complaint, time.GetUtcNow());
        }
    }
}
