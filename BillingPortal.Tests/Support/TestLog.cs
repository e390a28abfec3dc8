using System.Collections.Concurrent;
using BillingPortal.Tests.House;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Support;

/// <summary>
/// Keeps what portals under test log, at Production's levels and whole with exceptions, in <c>out/logs</c>: the scan for secrets
/// and people's data reads it there.
/// </summary>
[ProviderAlias("TestLog")]
public sealed class TestLog : ILoggerProvider
{
    private static readonly Lock Gate = new();
    private static readonly Lazy<StreamWriter> Shared = new(Open);

    // A test's own portal may also hand its lines to the test.
    private readonly ConcurrentQueue<string> _lines = new();

    public static string Folder { get; } = Path.Combine(SourceTree.Root, "out", "logs");

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Adds it to a portal's logging, whatever levels the test has set for the console.</summary>
    public static void AddTo(ILoggingBuilder logging, TestLog? log = null)
    {
        logging.Services.AddSingleton<ILoggerProvider>(log ?? new TestLog());
        logging.AddFilter<TestLog>(null, LogLevel.Information);
        foreach (var (category, level) in (IEnumerable<(string, LogLevel)>)
            [("Microsoft.AspNetCore", LogLevel.Warning), ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
             ("Microsoft.EntityFrameworkCore", LogLevel.Warning),
             ("Microsoft.AspNetCore.DataProtection", LogLevel.Error), ("Quartz", LogLevel.Warning)])
        {
            logging.AddFilter<TestLog>(category, level);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        lock (Gate)
        {
            if (Shared.IsValueCreated)
            {
                Shared.Value.Flush();
            }
        }
    }

    private static StreamWriter Open()
    {
        Directory.CreateDirectory(Folder);
        return new StreamWriter(
            Path.Combine(Folder, $"tests-{Environment.ProcessId}.log"), append: true)
        { AutoFlush = true };
    }

    private void Write(string line)
    {
        _lines.Enqueue(line);
        while (_lines.Count > 10_000)
        {
            _lines.TryDequeue(out _);
        }

        lock (Gate)
        {
            Shared.Value.WriteLine(line);
        }
    }

    private sealed class Logger(TestLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        // The values as well: a structured log carries them beside the sentence.
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(", ", pairs.Where(pair => pair.Key != "{OriginalFormat}").Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            log.Write($"{logLevel} {category}: {formatter(state, exception)} [{values}] {exception}".TrimEnd());
        }
    }
}
