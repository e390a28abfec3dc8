using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;

namespace BillingPortal.Sandbox.Resend;

/// <summary>The first answer under a key; the same email within 24 hours gets it again and is not sent twice.</summary>
internal sealed record SentUnderKey : IRecord
{
    public required string Id { get; init; }

    public required string Fingerprint { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>What every Resend call goes through: agent, faults, key, idempotency, then one change.</summary>
internal sealed class ResendPipeline(World world, SandboxTime time, FaultSwitches faults)
{
    private const int KeyLengthMax = 256;
    private const string SecondsToWait = "1";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, bool> _inFlight = new(StringComparer.Ordinal);

    public async Task RunAsync(HttpContext context, Func<Change, JsonNode?, JsonObject> handle)
    {
        var fault = faults.Take("resend", context.Request.Method, context.Request.Path);
        if (fault.Is(FaultKind.Disconnect))
        {
            await fault.CutAsync(context);
            return;
        }

        try
        {
            Admit(context, fault);
            var answer = await AnswerAsync(context, handle, fault.Slowness);
            if (fault.Is(FaultKind.TimeoutAfter))
            {
                await fault.CutAsync(context);
                return;
            }

            if (fault.Is(FaultKind.ErrorAfter))
            {
                throw InternalError();
            }

            await WriteAsync(context, 200, answer);
        }
        catch (ResendError refusal)
        {
            await WriteAsync(context, refusal.Status, refusal.ToJson().ToJsonString(SandboxJson.Public));
        }
    }

    private static void Admit(HttpContext context, CallFaults fault)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers["ratelimit-limit"] = "5";
        headers["ratelimit-remaining"] = fault.Is(FaultKind.RateLimit) ? "0" : "4";
        headers["ratelimit-reset"] = SecondsToWait;
        if (request.Headers.UserAgent.ToString().Length == 0)
        {
            throw new ResendError(403, "invalid_user_agent", "error code: 1010 (send a User-Agent header)");
        }

        if (fault.Is(FaultKind.RateLimit))
        {
            headers.RetryAfter = SecondsToWait;
            throw new ResendError(429, "rate_limit_exceeded",
                "Too many requests. You can only make 5 requests per second.");
        }

        if (fault.Is(FaultKind.Error) || fault.Is(FaultKind.ErrorStored))
        {
            throw InternalError();
        }

        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            throw new ResendError(401, "missing_api_key", "Missing API key in the authorization header.");
        }

        if (header != $"Bearer {SandboxOptions.ResendApiKey}")
        {
            throw new ResendError(403, "invalid_api_key", "API key is invalid");
        }
    }

    private async Task<string> AnswerAsync(
        HttpContext context, Func<Change, JsonNode?, JsonObject> handle, TimeSpan slowness)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var body = Parse(text);
        var headers = context.Request.Headers;
        var key = HttpMethods.IsPost(context.Request.Method) ? headers["Idempotency-Key"].ToString() : "";
        if (headers.ContainsKey("Idempotency-Key") && key.Length is 0 or > KeyLengthMax)
        {
            throw new ResendError(400, "invalid_idempotency_key",
                $"The key must be between 1-{KeyLengthMax} chars.");
        }

        if (key.Length == 0)
        {
            await Task.Delay(slowness, context.RequestAborted);
            return world.Run(change => handle(change, body).ToJsonString(SandboxJson.Public));
        }

        var fingerprint = Idempotency.Fingerprint("POST", context.Request.Path, text);
        if (!_inFlight.TryAdd(key, true))
        {
            throw new ResendError(409, "concurrent_idempotent_requests",
                "Same idempotency key used while original request is still in progress.");
        }

        try
        {
            await Task.Delay(slowness);
            return world.Run(change => Once(change, key, fingerprint, () => handle(change, body)));
        }
        finally
        {
            _inFlight.TryRemove(key, out _);
        }
    }

    private string Once(Change change, string key, string fingerprint, Func<JsonObject> handle)
    {
        var now = time.GetUtcNow();
        if (change.Find<SentUnderKey>(key) is { } sent && now - sent.StoredAt < Kept)
        {
            return sent.Fingerprint == fingerprint ? sent.Body : throw new ResendError(
                409, "invalid_idempotent_request", "Same idempotency key used with a different request payload.");
        }

        var body = handle().ToJsonString(SandboxJson.Public);
        change.Put(new SentUnderKey { Id = key, Fingerprint = fingerprint, Body = body, StoredAt = now });
        return body;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new ResendError(400, "validation_error", "The request body is not valid JSON.");
        }
    }

    private static ResendError InternalError() =>
        new(500, "application_error", "An unexpected error occurred. The sandbox was asked to answer so.");

    private static async Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
