using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Support;

/// <summary>A portal that only takes webhooks: keeps what came in and answers what it was told to.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<int> _answers;
    private TaskCompletionSource _arrival = Arrival();

    private WebhookReceiver(WebApplication app, ConcurrentQueue<int> answers)
    {
        _app = app;
        _answers = answers;
    }

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    /// <summary>The body of every answer with 200, and its type.</summary>
    public (string Body, string? ContentType) Answer { get; set; } = ("", null);

    /// <summary>Answers with these statuses first, then with 200.</summary>
    public static async Task<WebhookReceiver> StartAsync(params int[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, new ConcurrentQueue<int>(answers));
        app.MapPost("/{**path}", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Ends when one like that has come in, now or within half a minute: the sender writes, then posts.</summary>
    public async Task<ReceivedWebhook> ReceivesAsync(Func<ReceivedWebhook, bool> isMeant)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var next = _arrival.Task;
            if (Received.FirstOrDefault(isMeant) is { } found)
            {
                return found;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TaskCompletionSource Arrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(
            one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Received.Enqueue(new ReceivedWebhook(context.Request.Path, body, headers, context.Request.GetEncodedUrl()));
        Interlocked.Exchange(ref _arrival, Arrival()).SetResult();
        context.Response.StatusCode = _answers.TryDequeue(out var status) ? status : 200;
        if (context.Response.StatusCode == 200 && Answer.Body.Length > 0)
        {
            context.Response.ContentType = Answer.ContentType;
            await context.Response.WriteAsync(Answer.Body);
        }
    }
}

/// <summary>One webhook as it came over the wire.</summary>
public sealed record ReceivedWebhook(
    string Path, string Body, IReadOnlyDictionary<string, string> Headers, string Url)
{
    /// <summary>The body's parameters, where it is a form.</summary>
    public IReadOnlyDictionary<string, string> Form { get; } =
        Headers.GetValueOrDefault("Content-Type", "").StartsWith("application/x-www-form", StringComparison.Ordinal)
            ? QueryHelpers.ParseQuery(Body).ToDictionary(one => one.Key, one => one.Value.ToString())
            : new Dictionary<string, string>();
}
