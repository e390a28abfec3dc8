using System.Collections.Concurrent;
using System.Threading.Channels;

namespace BillingPortal.Tenants.Keys;

/// <summary>One use of a key that is worth writing down.</summary>
public readonly record struct KeyUse(Guid KeyId, DateTimeOffset At);

/// <summary>
/// Where requests leave word that a key was used; they never wait. Of each key one use a minute is kept; what does not fit is
/// dropped, because the next minute brings another.
/// </summary>
public sealed class KeyUses
{
    /// <summary>How exact "last used" is.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private const int WaitingMax = 1_000;
    private const int RememberedMax = 10_000;
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _noted = new();
    private readonly Channel<KeyUse> _waiting = Channel.CreateBounded<KeyUse>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public ChannelReader<KeyUse> Waiting => _waiting.Reader;

    /// <summary>True when the use will be written.</summary>
    public bool Note(ApiKey key, DateTimeOffset now)
    {
        if (key.LastUsedAt is { } written && now - written < Every)
        {
            return false;
        }

        // Forgetting everybody costs a write too many, which the statement then declines.
        if (_noted.Count > RememberedMax)
        {
            _noted.Clear();
        }

        return IsFirstOfItsMinute(key.Id, now) && _waiting.Writer.TryWrite(new KeyUse(key.Id, now));
    }

    private bool IsFirstOfItsMinute(Guid keyId, DateTimeOffset now) => _noted.TryGetValue(keyId, out var last)
        ? now - last >= Every && _noted.TryUpdate(keyId, now, last)
        : _noted.TryAdd(keyId, now);
}
