using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Events;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>
/// What every Stripe call goes through: faults, key, parameters, idempotency, then the endpoint within one change
/// that also stores the answer.
/// </summary>
internal sealed class StripePipeline(
    World world, SandboxTime time, Idempotency idempotency, FaultSwitches faults, EventLog events)
{
    public async Task RunAsync(HttpContext context, StripeEndpoint endpoint)
    {
        var requestId = StripeIds.New("req");
        var headers = context.Response.Headers;
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = context.Request.Headers["Stripe-Version"] is [{ Length: > 0 } pinned]
            ? pinned
            : SandboxOptions.StripeVersion;
        try
        {
            var fault = faults.Take("stripe", context.Request.Method, context.Request.Path);
            if (fault.Is(FaultKind.Disconnect))
            {
                await fault.CutAsync(context);
                return;
            }

            RefuseAtTheGate(fault);
            var answer = await AnswerAsync(context, endpoint, fault, requestId);
            if (fault.Is(FaultKind.TimeoutAfter))
            {
                await fault.CutAsync(context);
                return;
            }

            await WriteAsync(context, answer);
        }
        catch (StripeError refusal)
        {
            await WriteAsync(context, Answer.Of(refusal));
        }
    }

    /// <summary>Rate limiters and the gateway stand in front of everything else.</summary>
    private static void RefuseAtTheGate(CallFaults fault)
    {
        if (fault.Is(FaultKind.RateLimit))
        {
            throw new StripeError(429, "invalid_request_error", "rate_limit",
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.");
        }

        if (fault.Is(FaultKind.Error))
        {
            throw InternalError();
        }
    }

    private async Task<Answer> AnswerAsync(
        HttpContext context, StripeEndpoint endpoint, CallFaults fault, string requestId)
    {
        var request = context.Request;
        var isPublishable = StripeKeys.CheckIsPublishable(request, endpoint.Keys);
        var (form, body) = await StripeRequest.ReadAsync(request);
        StripeRequest.RefuseUnknown(form, endpoint.Parameters);
        var key = HttpMethods.IsPost(request.Method) ? request.Headers["Idempotency-Key"].ToString() : "";
        var run = new Execution(endpoint, fault, key, Idempotency.Fingerprint(request.Method, request.Path, body));
        StripeCall Call(Change change) => new()
        {
            Form = form,
            Change = change,
            Events = events,
            Now = time.GetUtcNow(),
            RequestId = requestId,
            Id = request.RouteValues["id"]?.ToString() ?? "",
            IdempotencyKey = key.Length > 0 ? key : null,
            IsPublishable = isPublishable,
            BaseUrl = $"{request.Scheme}://{request.Host}",
        };
        if (key.Length == 0)
        {
            await Task.Delay(fault.Slowness, context.RequestAborted);
            return world.Run(change => Execute(Call(change), run));
        }

        context.Response.Headers["Idempotency-Key"] = key;
        if (idempotency.Claim(key, run.Fingerprint) is { } stored)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            return new Answer(stored.Status, stored.Body);
        }

        try
        {
            // Not bound to the caller's patience: a call that has begun ends, whoever still listens.
            await Task.Delay(fault.Slowness);
            return world.Run(change => Execute(Call(change), run));
        }
        finally
        {
            idempotency.Release(key);
        }
    }

    private Answer Execute(StripeCall call, Execution run)
    {
        var answer = run.Fault.Is(FaultKind.ErrorStored) ? Answer.Of(InternalError()) : Handle(call, run.Endpoint);
        if (run.Fault.Is(FaultKind.ErrorAfter))
        {
            answer = Answer.Of(InternalError());
        }

        if (run.Key.Length > 0)
        {
            idempotency.Store(call.Change, run.Key, run.Fingerprint, answer.Status, answer.Body);
        }

        return answer;
    }

    /// <summary>Refusals that changed nothing go through to the caller and are not stored.</summary>
    private static Answer Handle(StripeCall call, StripeEndpoint endpoint)
    {
        try
        {
            var json = endpoint.Handle(call);
            StripeView.Expand(json, call);
            return new Answer(200, Text(json));
        }
        catch (StripeError refusal) when (refusal.Executed)
        {
            return Answer.Of(refusal);
        }
    }

    private static StripeError InternalError() => new(
        500, "api_error", null, "An unknown error occurred. The sandbox was asked to answer so.");

    private static string Text(JsonNode json) => json.ToJsonString(SandboxJson.Public);

    private static async Task WriteAsync(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        if (answer.Status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>What one call is to execute, and under which key.</summary>
    private sealed record Execution(StripeEndpoint Endpoint, CallFaults Fault, string Key, string Fingerprint);

    /// <summary>A status and the body's text.</summary>
    private sealed record Answer(int Status, string Body)
    {
        public static Answer Of(StripeError refusal) => new(refusal.Status, Text(refusal.ToJson()));
    }
}
