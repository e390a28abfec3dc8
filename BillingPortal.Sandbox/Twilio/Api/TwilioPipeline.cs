using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Messages;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>
/// What every Twilio call goes through: faults, account and token, then the endpoint within one change. Messages it
/// accepted begin to move when the answer has left.
/// </summary>
internal sealed class TwilioPipeline(World world, SandboxTime time, FaultSwitches faults, MessageLife life)
{
    private static readonly byte[] Credentials =
        Encoding.UTF8.GetBytes($"{SandboxOptions.TwilioAccountSid}:{SandboxOptions.TwilioAuthToken}");

    public async Task RunAsync(HttpContext context, TwilioHandler handle)
    {
        context.Response.Headers["Twilio-Request-Id"] = TwilioIds.New("RQ");
        List<string> accepted = [];
        try
        {
            var fault = faults.Take("twilio", context.Request.Method, context.Request.Path);
            if (fault.Is(FaultKind.Disconnect))
            {
                await fault.CutAsync(context);
                return;
            }

            Admit(context, fault);
            var answer = await ExecuteAsync(context, handle, fault.Slowness, accepted);
            await life.OvertakeAsync(accepted);
            if (fault.Is(FaultKind.TimeoutAfter))
            {
                await fault.CutAsync(context);
                return;
            }

            await WriteAsync(context, fault.Is(FaultKind.ErrorAfter) ? throw TwilioError.Internal() : answer);
        }
        catch (TwilioError refusal)
        {
            await WriteAsync(context, new TwilioAnswer(refusal.Status, refusal.ToJson()));
        }
        finally
        {
            life.Release(accepted);
        }
    }

    private static void Admit(HttpContext context, CallFaults fault)
    {
        if (fault.Is(FaultKind.RateLimit))
        {
            throw TwilioError.TooManyRequests();
        }

        if (fault.Is(FaultKind.Error) || fault.Is(FaultKind.ErrorStored))
        {
            throw TwilioError.Internal();
        }

        if (!IsKnown(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
            throw TwilioError.Unauthorized();
        }

        if (context.Request.RouteValues["account"] is string account && account != SandboxOptions.TwilioAccountSid)
        {
            throw TwilioError.NotFound(Path(context.Request));
        }
    }

    private static bool IsKnown(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
        {
            return false;
        }

        var given = new byte[header.Parameter.Length];
        return Convert.TryFromBase64String(header.Parameter, given, out var length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), Credentials);
    }

    private async Task<TwilioAnswer> ExecuteAsync(
        HttpContext context, TwilioHandler handle, TimeSpan slowness, List<string> accepted)
    {
        var request = context.Request;
        var form = request.HasFormContentType
            ? await request.ReadFormAsync(context.RequestAborted)
            : FormCollection.Empty;

        // Not bound to the caller's patience: a call that has begun ends, whoever still listens.
        await Task.Delay(slowness);
        return world.Run(change =>
        {
            var call = new TwilioCall
            {
                Form = form,
                Query = request.Query,
                Change = change,
                Now = time.GetUtcNow(),
                Path = Path(request),
                Id = request.RouteValues["sid"] as string ?? "",
                Country = request.RouteValues["country"] as string ?? "",
            };
            var answer = handle(call);
            if (call.Accepted.Count > 0)
            {
                accepted.AddRange(call.Accepted);
                change.Then(() => life.Expect(accepted));
            }

            return answer;
        });
    }

    private static string Path(HttpRequest request) => request.Path.Value!["/twilio".Length..];

    private static async Task WriteAsync(HttpContext context, TwilioAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body is { } body)
        {
            context.Response.ContentType = "application/json;charset=utf-8";
            await context.Response.WriteAsync(Text(body), context.RequestAborted);
        }

        await context.Response.CompleteAsync();
    }

    private static string Text(JsonObject body) => body.ToJsonString(SandboxJson.Public);
}
