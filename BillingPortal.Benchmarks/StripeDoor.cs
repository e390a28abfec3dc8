using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Stands before the sandbox and notes when a charge arrives there, on this process's clock; passes everything on unchanged.
/// </summary>
internal sealed class StripeDoor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _sandbox;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _arrivals = new();

    private StripeDoor(WebApplication app, Uri sandbox)
    {
        _app = app;
        _sandbox = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = sandbox,
            Timeout = Timeout.InfiniteTimeSpan, // the clock is long-polled
        };
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<StripeDoor> OpenAsync(Uri sandbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var door = new StripeDoor(app, sandbox);
        app.Run(door.PassAsync);
        await app.StartAsync();
        return door;
    }

    /// <summary>The timestamp at which the first charge of a customer arrives.</summary>
    public Task<long> ArrivalAsync(string customerId) => SourceOf(customerId).Task;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _sandbox.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var arrived = Stopwatch.GetTimestamp();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.Path == "/stripe/v1/payment_intents" && HttpMethods.IsPost(context.Request.Method))
        {
            var form = QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body.ToArray()));
            SourceOf(form["customer"].ToString()).TrySetResult(arrived);
        }

        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, value) in context.Request.Headers.Where(
            header => header.Key is not ("Host" or "Content-Length" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!);
            }
        }

        using var answer = await _sandbox.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private TaskCompletionSource<long> SourceOf(string customerId) =>
        _arrivals.GetOrAdd(customerId, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
