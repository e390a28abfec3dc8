using BillingPortal.Kernel;

namespace BillingPortal.Providers;

/// <summary>
/// A fault of a provider or of the way to it; a card's refusal is not one. The message names the call and the code,
/// never a body, an address or a key.
/// </summary>
/// <param name="code">The provider's own word where it gave one, else <c>timeout</c>, <c>unreachable</c> or
/// <c>http_{status}</c>.</param>
/// <param name="isRetryable">The same call, under the same idempotency key, may succeed later.</param>
/// <param name="isOutcomeUnknown">The call may have taken effect: repeat it under the same key or look it up, never
/// start anew.</param>
public sealed class ProviderException(
    string code, string message, bool isRetryable, bool isOutcomeUnknown, Exception? inner = null)
    : Exception(message, inner), IFault
{
    public string Code { get; } = code;

    public bool IsRetryable { get; } = isRetryable;

    public bool IsOutcomeUnknown { get; } = isOutcomeUnknown;
}
