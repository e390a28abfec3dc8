using System.Security.Cryptography;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Web;

/// <summary>
/// Marks endpoints that move money or credits: a repeat under the same <c>Idempotency-Key</c> gets the first answer.
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotent-Replayed";
    public const int KeyLengthMax = 255;

    /// <summary>
    /// For every POST that moves money or credits. <paramref name="onlyWhenGiven"/> is for requests whose content has a key of its own:
    /// without the header they are spared the two extra commits.
    /// </summary>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder, bool onlyWhenGiven = false)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new IdempotentMark(onlyWhenGiven)));
        return builder;
    }

    internal sealed record IdempotentMark(bool OnlyWhenGiven);
}

/// <summary>
/// Runs after authorisation, before the endpoint. The key counts per tenant and endpoint; the whole address and body
/// make its fingerprint. Only 2xx answers are kept; any other outcome frees the key.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, IdempotencyStore store)
{
    private const int AnswerBytesMax = 1024 * 1024;

    public async Task InvokeAsync(HttpContext context, CurrentTenant tenant)
    {
        var key = context.Request.Headers[Idempotency.Header].ToString();
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !tenant.IsPresent
            || endpoint.Metadata.GetMetadata<Idempotency.IdempotentMark>() is not { } mark || (mark.OnlyWhenGiven && key.Length == 0))
        {
            await next(context);
            return;
        }

        // A caller without a key gets one, so that the endpoint can count on it.
        if (key.Length == 0)
        {
            context.Request.Headers[Idempotency.Header] = key = Ids.New().ToString();
        }

        if (key.Length > Idempotency.KeyLengthMax || key.Any(char.IsControl) || context.Request.Headers[Idempotency.Header].Count > 1)
        {
            await Problems.Invalid("invalid_idempotency_key", "Idempotency-Key is one text of 1 to 255 characters.").ExecuteAsync(context);
            return;
        }

        var name = $"{context.Request.Method} {endpoint.RoutePattern.RawText}";
        var fingerprint = await FingerprintAsync(context.Request);
        var claim = await store.ClaimAsync(tenant.Id, name, key, fingerprint, context.RequestAborted);
        switch (claim.Outcome)
        {
            case IdempotencyOutcome.Won:
                await RunAsync(context, tenant.Id, name, key);
                break;
            case IdempotencyOutcome.Replay:
                await ReplayAsync(context.Response, claim.Answer!);
                break;
            case IdempotencyOutcome.Reused:
                await Problems.Conflict("idempotency_key_reused", "This Idempotency-Key was used for another request. Take a new key.")
                    .ExecuteAsync(context);
                break;
            case IdempotencyOutcome.InUse:
                context.Response.Headers.RetryAfter = "1";
                await Problems.Conflict("idempotency_key_in_use", "The first request with this key is still running. Try again.")
                    .ExecuteAsync(context);
                break;
        }
    }

    private async Task RunAsync(HttpContext context, Guid tenantId, string name, string key)
    {
        var wire = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var isKept = false;
        try
        {
            await next(context);
            if (context.Response.StatusCode is >= 200 and <= 299 && answer.Length <= AnswerBytesMax)
            {
                await store.CompleteAsync(
                    tenantId, name, key, context.Response.StatusCode, context.Response.ContentType, answer.ToArray());
                isKept = true;
            }
        }
        finally
        {
            context.Response.Body = wire;
            if (!isKept)
            {
                await store.ReleaseAsync(tenantId, name, key);
            }
        }

        answer.Position = 0;
        await answer.CopyToAsync(wire, context.RequestAborted);
    }

    private static async Task ReplayAsync(HttpResponse response, IdempotencyRecord answer)
    {
        response.StatusCode = answer.Status!.Value;
        response.ContentType = answer.ContentType;
        response.Headers[Idempotency.ReplayedHeader] = "true";
        await response.Body.WriteAsync(answer.Body);
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
