using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Data;

/// <summary>
/// Seals the data-protection keys that lie in the database (AES-256-GCM), so that a copy of the database alone opens no cookie and no
/// secret. The first of <c>DataProtection:Keys</c> seals; all of them open.
/// </summary>
internal sealed class KeyRingCipher : IXmlEncryptor
{
    public const string Section = "DataProtection:Keys";
    public const string Element = "sealed";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int NameLength = 16;

    private readonly List<(string Name, byte[] Key)> _keys;

    /// <exception cref="InvalidOperationException">A key is no 32 bytes in base64.</exception>
    public KeyRingCipher(IEnumerable<string> keys) => _keys = [.. keys.Where(key => key.Length > 0).Select(Read)];

    public bool IsOn => _keys.Count > 0;

    /// <summary>The name of the key that seals now: part of its hash, which gives nothing of it away.</summary>
    public string? Name => IsOn ? _keys[0].Name : null;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(Seal(plaintextElement), typeof(KeyRingOpener));

    public XElement Seal(XElement plain)
    {
        var (name, key) = _keys[0];
        var text = Encoding.UTF8.GetBytes(plain.ToString(SaveOptions.DisableFormatting));
        var (nonce, cipher, tag) = (RandomNumberGenerator.GetBytes(NonceBytes), new byte[text.Length], new byte[TagBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, text, cipher, tag, Encoding.UTF8.GetBytes(name));
        return new XElement(Element, new XAttribute("by", name), Convert.ToBase64String([.. nonce, .. tag, .. cipher]));
    }

    /// <summary>To be asked before anything is added: beside keys that nobody here can open, a new one would only be in the way.</summary>
    /// <exception cref="KeyRingClosedException">A key of the ring is sealed with one that the settings do not have.</exception>
    public void EnsureOpens(IEnumerable<XElement> ring)
    {
        var missing = ring.SelectMany(key => key.DescendantsAndSelf(Element)).Select(NameOf)
            .Where(name => _keys.All(one => one.Name != name)).Distinct().ToList();
        if (missing.Count > 0)
        {
            throw new KeyRingClosedException(missing, IsOn);
        }
    }

    /// <exception cref="KeyRingClosedException">Its key is not among the settings.</exception>
    /// <exception cref="CryptographicException">It was changed.</exception>
    public XElement Open(XElement element)
    {
        var name = NameOf(element);
        var key = _keys.FirstOrDefault(one => one.Name == name).Key ?? throw new KeyRingClosedException([name], IsOn);
        var bytes = Convert.FromBase64String(element.Value).AsSpan();
        var text = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes[NonceBytes..(NonceBytes + TagBytes)], text,
            Encoding.UTF8.GetBytes(name));
        return XElement.Parse(Encoding.UTF8.GetString(text));
    }

    public static string NameOf(XElement element) => (string?)element.Attribute("by") ?? "";

    private static (string Name, byte[] Key) Read(string text)
    {
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == KeyBytes
            ? (Convert.ToHexStringLower(SHA256.HashData(key))[..NameLength], key)
            : throw new InvalidOperationException($"{Section} has a key that is not 32 bytes in base64. Make one: openssl rand -base64 32");
    }
}

/// <summary>Opens what <see cref="KeyRingCipher"/> has sealed; named in the stored key, and made by data protection.</summary>
internal sealed class KeyRingOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<KeyRingCipher>().Open(encryptedElement);
}
