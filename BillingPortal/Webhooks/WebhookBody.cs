namespace BillingPortal.Webhooks;

/// <summary>Reads a webhook's body as it came, because any re-serialisation breaks the signature; bounded.</summary>
internal static class WebhookBody
{
    private const int BytesMax = 256 * 1024;

    /// <summary>Null: too large, whatever length is claimed.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BytesMax)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > BytesMax)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
