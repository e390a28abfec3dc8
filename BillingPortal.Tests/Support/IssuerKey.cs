using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BillingPortal.Tests.Support;

/// <summary>A key pair of a <see cref="SmallIssuer"/>, or of somebody who would like to be one.</summary>
public sealed class IssuerKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private IssuerKey(string id, RSA? rsa, ECDsa? ec) => (Id, _rsa, _ec) = (id, rsa, ec);

    public string Id { get; }

    public string Algorithm => _rsa is null ? "ES256" : "RS256";

    public static IssuerKey Rsa(string id, int bits = 2048) => new(id, RSA.Create(bits), null);

    public static IssuerKey Ec(string id, ECCurve? curve = null) => new(id, null, ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256));

    /// <summary>The public half, as a key set lists it.</summary>
    public JsonObject Published()
    {
        if (_rsa is not null)
        {
            var rsa = _rsa.ExportParameters(false);
            return new() { ["kty"] = "RSA", ["kid"] = Id, ["use"] = "sig", ["n"] = Text(rsa.Modulus!), ["e"] = Text(rsa.Exponent!) };
        }

        var ec = _ec!.ExportParameters(false);
        var curve = ec.Q.X!.Length == 32 ? "P-256" : "P-384";
        return new() { ["kty"] = "EC", ["kid"] = Id, ["crv"] = curve, ["x"] = Text(ec.Q.X!), ["y"] = Text(ec.Q.Y!) };
    }

    public string Sign(JsonObject claims, JsonObject? header = null) =>
        SignRaw((header ?? new JsonObject { ["alg"] = Algorithm, ["kid"] = Id, ["typ"] = "JWT" }).ToJsonString(), claims.ToJsonString());

    /// <summary>Signs whatever stands there.</summary>
    public string SignRaw(string header, string claims)
    {
        var signed = $"{Text(Encoding.UTF8.GetBytes(header))}.{Text(Encoding.UTF8.GetBytes(claims))}";
        var data = Encoding.ASCII.GetBytes(signed);
        var signature = _rsa?.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ?? _ec!.SignData(data, HashAlgorithmName.SHA256);
        return $"{signed}.{Text(signature)}";
    }

    /// <summary>The public key's bytes, with which an attacker would sign by HMAC.</summary>
    public byte[] PublicBytes() => _rsa?.ExportSubjectPublicKeyInfo() ?? _ec!.ExportSubjectPublicKeyInfo();

    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
