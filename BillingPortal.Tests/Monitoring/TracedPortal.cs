using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using BillingPortal.Kernel;
using BillingPortal.Monitoring;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Monitoring;

/// <summary>
/// A portal with a sandbox whose spans and log lines a test reads, and which sends both to a collector of the test's own.
/// </summary>
public sealed class TracedPortal : PaidPortal, IAsyncLifetime, ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Channel<Activity> _news = Channel.CreateUnbounded<Activity>();
    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private IExternalScopeProvider? _scopes;

    public TracedPortal()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _news.Writer.TryWrite(span),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ScriptedServer Collector { get; private set; } = null!;

    /// <summary>Every log line as a machine reads it.</summary>
    public IEnumerable<JsonElement> Lines => _lines.Select(line => JsonDocument.Parse(line).RootElement);

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        .. base.Settings, new("OTEL_EXPORTER_OTLP_ENDPOINT", Collector.Address.ToString()),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        new("OTEL_SERVICE_NAME", "the-portal-under-test"),
    ];

    public new async ValueTask InitializeAsync()
    {
        Collector = await ScriptedServer.StartAsync();
        await base.InitializeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        _listener.Dispose();
    }

    /// <summary>Waits for a span like that.</summary>
    public async Task<Activity> SpanAsync(Func<Activity, bool> isIt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            lock (_spans)
            {
                if (_spans.Find(span => isIt(span)) is { } found)
                {
                    return found;
                }
            }

            var span = await _news.Reader.ReadAsync(patience.Token);
            lock (_spans)
            {
                _spans.Add(span);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Keeper(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    void IDisposable.Dispose()
    {
    }

    protected override void Configure(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    private sealed class Keeper(TracedPortal portal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => portal._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var writer = new StringWriter();
            new JsonLines().Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), portal._scopes, writer);
            portal._lines.Enqueue(writer.ToString());
        }
    }
}
