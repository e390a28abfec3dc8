using System.Security.Cryptography;

namespace BillingPortal.Data;

/// <summary>
/// The key ring is sealed with keys that the settings do not have; the message says what to do. Data protection lets it through unwrapped,
/// as it does every <see cref="CryptographicException"/>.
/// </summary>
internal sealed class KeyRingClosedException(IReadOnlyCollection<string> missing, bool isAnySet) : CryptographicException(
    $"The key ring in the database is sealed with the key {string.Join(" and ", missing)}, which {KeyRingCipher.Section} does not have"
    + (isAnySet ? ". " : ": it is not set here. ")
    + $"Nothing was added to the ring. Give this process the same {KeyRingCipher.Section} as the others, an older key after the first; "
    + "how to tell a key by its name, and what to do when it is lost: docs/security.md.");
