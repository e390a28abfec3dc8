using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>Takes messages within the change that caused them and hands them to the sender when it is kept.</summary>
internal sealed class WebhookOutbox(WebhookSettings settings, WebhookSender sender)
{
    private readonly List<string> _reordered = [];

    public void Enqueue(Change change, IWebhookMessage message, WebhookRule? rule)
    {
        change.Put(message);
        if (settings.PortalUrl.Length == 0 && message.Address is null)
        {
            return;
        }

        var delivery = new WebhookDelivery
        {
            Id = message.Id,
            MessageId = message.Id,
            Provider = message.Provider,
            Type = message.Type,
            Line = message.Line,
            State = StateFor(rule),
            NextAttemptAt = sender.UnixMilliseconds + (rule?.Mode == WebhookMode.Delay ? rule.Milliseconds : 0),
        };
        Send(change, delivery);
        if (rule?.Mode == WebhookMode.Duplicate)
        {
            Send(change, delivery with { Id = delivery.Id + "#2" });
        }
        else if (rule?.Mode == WebhookMode.Reorder)
        {
            Reorder(change, delivery.Id, isLast: rule.Count <= 1);
        }
    }

    /// <summary>Sends a message once more, whatever became of it before.</summary>
    public bool Resend(Change change, string id)
    {
        if (change.Find<WebhookDelivery>(id) is not { } delivery)
        {
            return false;
        }

        Send(change, delivery with
        {
            State = DeliveryState.Pending,
            Attempts = 0,
            NextAttemptAt = sender.UnixMilliseconds,
        });
        return true;
    }

    /// <summary>Sends what was kept for reordering, newest first, though the rule's last event has not come.</summary>
    public void SendReordered()
    {
        lock (_reordered)
        {
            string[] newestFirst = [.. Enumerable.Reverse(_reordered)];
            _reordered.Clear();
            sender.ScheduleInOrder(newestFirst);
        }
    }

    private string StateFor(WebhookRule? rule) => rule?.Mode switch
    {
        WebhookMode.Drop => DeliveryState.Dropped,
        WebhookMode.Reorder => DeliveryState.Held,
        _ => settings.Hold ? DeliveryState.Held : DeliveryState.Pending,
    };

    private void Send(Change change, WebhookDelivery delivery)
    {
        change.Put(delivery);
        if (delivery.State == DeliveryState.Pending)
        {
            change.Then(() => sender.Schedule(delivery));
        }
    }

    private void Reorder(Change change, string id, bool isLast) => change.Then(() =>
    {
        lock (_reordered)
        {
            _reordered.Add(id);
            if (isLast)
            {
                SendReordered();
            }
        }
    });
}
