using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Support;

/// <summary>
/// An HTTP server that answers what a test lays out, in that order: for the faults that a well-behaved sandbox does not
/// have. The last answer repeats.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private Func<HttpContext, Task> _last = _ => Task.CompletedTask;

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public ScriptedServer Then(
        int status, string body, params (string Name, string Value)[] headers) => Then(async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
    });

    public ScriptedServer Then(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>The request that an answer belongs to.</summary>
    public static ScriptedRequest RequestOf(HttpContext context) =>
        (ScriptedRequest)context.Items[nameof(ScriptedRequest)]!;

    /// <summary>The connection breaks after the request was read.</summary>
    public ScriptedServer ThenBreak() => Then(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>No answer until the caller gives up.</summary>
    public ScriptedServer ThenSilence() => Then(async context =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var request = new ScriptedRequest(
            context.Request.Method, context.Request.Path + context.Request.QueryString.Value, headers, body);
        context.Items[nameof(ScriptedRequest)] = request;
        Requests.Enqueue(request);
        if (_answers.TryDequeue(out var next))
        {
            _last = next;
        }

        await _last(context);
    }
}

/// <summary>One request that a <see cref="ScriptedServer"/> got.</summary>
public sealed record ScriptedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
