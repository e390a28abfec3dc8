using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>The first answer under a key; a repeat within 24 hours gets it again, byte for byte.</summary>
internal sealed record StoredAnswer : IRecord
{
    public required string Id { get; init; }

    public required string Fingerprint { get; init; }

    public int Status { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>
/// Stripe's idempotency, version 1. The answer is stored by the same change that executes the call, so a kill leaves
/// either both or neither.
/// </summary>
internal sealed class Idempotency(World world, SandboxTime time)
{
    private const int KeyLengthMax = 255;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, bool> _inFlight = new(StringComparer.Ordinal);

    public static string Fingerprint(string method, string path, string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{method} {path}\n{body}")));

    /// <summary>
    /// Claims the key, or returns the answer stored under it. Who gets null must call <see cref="Release"/>.
    /// </summary>
    public StoredAnswer? Claim(string key, string fingerprint)
    {
        if (key.Length > KeyLengthMax)
        {
            throw StripeError.Invalid($"Idempotency keys can have up to {KeyLengthMax} characters.");
        }

        // First the claim, then the look: whoever finishes in between has stored the answer by then.
        if (!_inFlight.TryAdd(key, true))
        {
            throw new StripeError(
                409, "idempotency_error", "idempotency_key_in_use",
                $"There is currently another in-progress request using this Idempotent Key: {key}. "
                + "Please try again later.");
        }

        try
        {
            if (Find(key) is not { } stored)
            {
                return null;
            }

            if (stored.Fingerprint == fingerprint)
            {
                Release(key);
                return stored;
            }

            throw new StripeError(
                400, "idempotency_error", null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                + $"Try using a key other than '{key}' if you meant to execute a different request.");
        }
        catch
        {
            Release(key);
            throw;
        }
    }

    public void Release(string key) => _inFlight.TryRemove(key, out _);

    public void Store(Change change, string key, string fingerprint, int status, string body) =>
        change.Put(new StoredAnswer
        {
            Id = key,
            Fingerprint = fingerprint,
            Status = status,
            Body = body,
            StoredAt = time.GetUtcNow(),
        });

    private StoredAnswer? Find(string key)
    {
        var stored = world.Run(change => change.Find<StoredAnswer>(key));
        return stored is not null && time.GetUtcNow() - stored.StoredAt < Kept ? stored : null;
    }
}
