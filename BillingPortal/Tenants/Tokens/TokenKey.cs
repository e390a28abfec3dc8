using System.Security.Cryptography;
using System.Text.Json;

namespace BillingPortal.Tenants.Tokens;

/// <summary>The two signatures that are accepted. There is no third, above all none by a shared secret.</summary>
internal enum TokenAlgorithm
{
    /// <summary>RSA PKCS#1 v1.5 with SHA-256.</summary>
    RS256 = 1,

    /// <summary>ECDSA over P-256 with SHA-256.</summary>
    ES256 = 2,
}

/// <summary>
/// A public key of an issuer. Its algorithm follows from the kind of key and never from a token. Keys that are too weak or made for
/// something else do not become one.
/// </summary>
internal sealed class TokenKey
{
    private const int RsaBitsMin = 2048;
    private const int RsaBitsMax = 8192;
    private const int CoordinateBytes = 32;
    private const int KeysMax = 50;

    private readonly RSAParameters _rsa;
    private readonly ECParameters _ec;

    private TokenKey(string? id, RSAParameters rsa) => (Id, Algorithm, _rsa) = (id, TokenAlgorithm.RS256, rsa);

    private TokenKey(string? id, ECParameters ec) => (Id, Algorithm, _ec) = (id, TokenAlgorithm.ES256, ec);

    /// <summary>The issuer's name for it; null when it has none.</summary>
    public string? Id { get; }

    public TokenAlgorithm Algorithm { get; }

    /// <summary>The usable keys of a key set (RFC 7517); null when it is none.</summary>
    public static IReadOnlyList<TokenKey>? SetOf(byte[] utf8) =>
        TokenBytes.Object(utf8, depthMax: 8) is { } set && set.TryGetProperty("keys", out var keys)
            && keys.ValueKind is JsonValueKind.Array
            ? [.. keys.EnumerateArray().Take(KeysMax).Select(Of).OfType<TokenKey>()]
            : null;

    /// <summary>Makes its own handle each time: the platform's are not made for several threads.</summary>
    public bool Signed(ReadOnlySpan<byte> data, byte[] signature)
    {
        try
        {
            if (Algorithm is TokenAlgorithm.RS256)
            {
                using var rsa = RSA.Create(_rsa);
                return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }

            using var ec = ECDsa.Create(_ec);
            return signature.Length == 2 * CoordinateBytes && ec.VerifyData(
                data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static TokenKey? Of(JsonElement key)
    {
        if (key.ValueKind is not JsonValueKind.Object || !IsForSignatures(key))
        {
            return null;
        }

        var (id, algorithm) = (TokenBytes.Text(key, "kid"), TokenBytes.Text(key, "alg"));
        var made = TokenBytes.Text(key, "kty") switch
        {
            "RSA" when algorithm is null or nameof(TokenAlgorithm.RS256) => OfRsa(id, key),
            "EC" when algorithm is null or nameof(TokenAlgorithm.ES256) => OfEc(id, key),
            _ => null,
        };
        return made?.IsSound() is true ? made : null;
    }

    private static bool IsForSignatures(JsonElement key) =>
        (!key.TryGetProperty("use", out _) || TokenBytes.Text(key, "use") is "sig")
        && (!key.TryGetProperty("key_ops", out _) || TokenBytes.Texts(key, "key_ops")?.Contains("verify") is true);

    private static TokenKey? OfRsa(string? id, JsonElement key)
    {
        var (modulus, exponent) = (Bytes(key, "n"), Bytes(key, "e"));
        if (modulus is null || exponent is null || modulus[0] == 0 || exponent.Length > 4 || exponent[^1] % 2 == 0
            || exponent is [1])
        {
            return null;
        }

        var bits = ((modulus.Length - 1) * 8) + (int)(32 - uint.LeadingZeroCount(modulus[0]));
        return bits is >= RsaBitsMin and <= RsaBitsMax
            ? new TokenKey(id, new RSAParameters { Modulus = modulus, Exponent = exponent })
            : null;
    }

    private static TokenKey? OfEc(string? id, JsonElement key) =>
        TokenBytes.Text(key, "crv") is "P-256"
        && (Bytes(key, "x"), Bytes(key, "y")) is ({ Length: CoordinateBytes } x, { Length: CoordinateBytes } y)
            ? new TokenKey(id, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } })
            : null;

    // A point beside the curve is refused by the platform when the key is made.
    private bool IsSound()
    {
        try
        {
            using AsymmetricAlgorithm made = Algorithm is TokenAlgorithm.RS256 ? RSA.Create(_rsa) : ECDsa.Create(_ec);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[]? Bytes(JsonElement key, string name) =>
        TokenBytes.Text(key, name) is { } text ? TokenBytes.Decode(text) : null;
}
