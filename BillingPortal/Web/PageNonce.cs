using System.Security.Cryptography;

namespace BillingPortal.Web;

/// <summary>The one word by which a response's own scripts are known from foreign ones: new for every response, 128 bits.</summary>
internal static class PageNonce
{
    private const int Bytes = 16;
    private static readonly object Key = new();

    public static string Of(HttpContext context)
    {
        if (context.Items[Key] is not string nonce)
        {
            nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
            context.Items[Key] = nonce;
        }

        return nonce;
    }
}
