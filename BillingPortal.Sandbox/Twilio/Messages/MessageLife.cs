using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>
/// Moves accepted messages to their end: sending, sent, then what their fate says, and at last their price. Times run
/// on the sandbox's clock; nothing moves before the sender has its answer, unless callbacks are to overtake it.
/// </summary>
internal sealed class MessageLife(
    World world, SandboxTime time, TwilioSettings settings, TwilioCallbacks callbacks, WebhookSender sender)
    : BackgroundService
{
    private const decimal OutboundPriceUsd = 0.0079m;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Overtaking = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _moving = new();
    private int _working;

    /// <summary>Whether something is due that has not been done.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _expected.Count > 0 || _working > 0 || HasDue(time.GetUtcNow());
            }
        }
    }

    /// <summary>Takes the message and decides its fate.</summary>
    public SmsMessage Accept(Change change, SmsMessage message) =>
        change.Put(message with { Fate = settings.TakeFate(message.To) ?? TestNumbers.FateOf(message.To) });

    /// <summary>A message that nobody waits for begins to move.</summary>
    public void Start(string id)
    {
        Expect([id]);
        Release([id]);
    }

    /// <summary>The messages are kept; they wait for their sender's answer.</summary>
    public void Expect(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            _expected.UnionWith(ids);
        }
    }

    /// <summary>The sender has its answer, or none: the messages begin to move.</summary>
    public void Release(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var id in ids.Where(_expected.Remove))
            {
                _moving.Enqueue(id, time.GetUtcNow().AddSeconds(WaitAfter(SmsStatus.Queued)));
            }
        }

        RunDue();
    }

    /// <summary>With early callbacks: the messages move, and are told of, before this returns.</summary>
    public async Task OvertakeAsync(IReadOnlyList<string> ids)
    {
        if (settings.EarlyCallbacks && ids.Count > 0)
        {
            Release(ids);
            await sender.IdleAsync(Overtaking);
        }
    }

    /// <summary>Does all that is due now.</summary>
    public void RunDue()
    {
        while (Take() is { } id)
        {
            try
            {
                Move(id);
            }
            finally
            {
                lock (_gate)
                {
                    _working--;
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await sender.Resumed.WaitAsync(stoppingToken);
        var unfinished = world.Run(change => change.NewestFirst<SmsMessage>()
            .Where(one => !one.IsFinal).Select(one => one.Id).Reverse().ToList());
        Expect(unfinished);
        Release(unfinished);
        using var timer = new PeriodicTimer(Between);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            RunDue();
        }
    }

    private string? Take()
    {
        lock (_gate)
        {
            if (!HasDue(time.GetUtcNow()))
            {
                return null;
            }

            _working++;
            return _moving.Dequeue();
        }
    }

    /// <summary>A wait longer than any is left from before the clock was moved back.</summary>
    private bool HasDue(DateTimeOffset now) => _moving.TryPeek(out _, out var dueAt)
        && (dueAt <= now || (dueAt - now).TotalSeconds > settings.FinalSeconds);

    /// <summary>As far as no wait lies between.</summary>
    private void Move(string id)
    {
        var after = world.Run(change =>
        {
            var message = change.Find<SmsMessage>(id);
            while (message is { IsFinal: false })
            {
                message = Step(change, message);
                if (WaitAfter(message.Status) > 0)
                {
                    break;
                }
            }

            return message;
        });
        if (after is { IsFinal: false })
        {
            lock (_gate)
            {
                _moving.Enqueue(id, time.GetUtcNow().AddSeconds(WaitAfter(after.Status)));
            }
        }
    }

    private double WaitAfter(string status) => status == SmsStatus.Sent
        ? settings.FinalSeconds - settings.SentSeconds
        : settings.SentSeconds / 2;

    private SmsMessage Step(Change change, SmsMessage message)
    {
        var now = time.GetUtcNow();
        switch (message.Status)
        {
            case SmsStatus.Queued:
                var sending = change.Put(message with { Status = SmsStatus.Sending, UpdatedAt = now });
                if (settings.SendingCallbacks)
                {
                    callbacks.Tell(change, sending);
                }

                return sending;
            case SmsStatus.Sending:
                var sent = change.Put(message with { Status = SmsStatus.Sent, SentAt = now, UpdatedAt = now });
                callbacks.Tell(change, sent);
                return sent;
            default:
                return End(change, message);
        }
    }

    private SmsMessage End(Change change, SmsMessage message)
    {
        var isCharged = message.Fate.Status != SmsStatus.Failed && !message.IsTwilios;
        var ended = change.Put(message with
        {
            Status = message.Fate.Status,
            ErrorCode = message.Fate.ErrorCode,
            Price = isCharged ? -OutboundPriceUsd * message.Segments : null,
            UpdatedAt = time.GetUtcNow(),
        });
        callbacks.Tell(change, ended);
        return ended;
    }
}
