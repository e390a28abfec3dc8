using System.Collections.Concurrent;
using System.Net;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Tenants;

/// <summary>Whatever a program does with its key, the key's text is in no line of the portal's log, however talkative it is.</summary>
public sealed class KeySecrecyTests(KeySecrecyTests.TalkativePortal portal) : IClassFixture<KeySecrecyTests.TalkativePortal>
{
    [Fact]
    public async Task A_keys_text_is_never_logged()
    {
        var tenant = await portal.TenantAsync();
        var key = await portal.TenantService.CreateApiKeyAsync(tenant.Id, "robot", ApiScopes.Read);
        using var program = portal.Bearer(key.Text);
        using var stranger = portal.Bearer(key.Text + "x");

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/credits")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/credits")).StatusCode);

        Assert.Contains(portal.Lines, line => line.Contains("/api/credits", StringComparison.Ordinal));
        Assert.DoesNotContain(key.Text[12..], key.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Lines, line => line.Contains(key.Text[12..], StringComparison.Ordinal));
    }

    /// <summary>A portal whose log is kept, from Debug on.</summary>
    public sealed class TalkativePortal : PortalHost, ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Logging:LogLevel:Default", "Debug"), new("Logging:LogLevel:Microsoft.AspNetCore", "Debug")];

        public ILogger CreateLogger(string categoryName) => new Keeper(_lines);

        public void Dispose()
        {
        }

        protected override void Configure(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

        private sealed class Keeper(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
