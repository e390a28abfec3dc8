using System.Collections.Concurrent;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Team;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>Whatever comes of a link, failures included: no line of the log as the portal is shipped has it, and no referrer.</summary>
public sealed class InvitationSecrecyTests(InvitationSecrecyTests.KeptLog portal) : IClassFixture<InvitationSecrecyTests.KeptLog>
{
    [Fact]
    public async Task A_link_is_never_logged()
    {
        var token = InvitationTokens.NewText();
        using var browser = portal.Browser();
        using (var page = await browser.GetAsync($"/invitation/{token}"))
        {
            Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
            Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        // The database goes away under the page: what is logged then names no link.
        portal.Fails = true;
        using var failed = await browser.GetAsync($"/invitation/{token}");

        Assert.Equal(500, (int)failed.StatusCode);
        Assert.Contains(portal.Lines, line => line.Contains("Request failed", StringComparison.Ordinal));
        Assert.DoesNotContain(portal.Lines, line => line.Contains(token, StringComparison.Ordinal));
    }

    /// <summary>A portal whose log is kept, and whose users cannot be read on demand.</summary>
    public sealed class KeptLog : PortalHost, ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public bool Fails { get; set; }

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => new Keeper(_lines);

        public void Dispose()
        {
        }

        protected override void Configure(IServiceCollection services)
        {
            services.AddSingleton<ILoggerProvider>(this);
            services.AddScoped<SessionFactory>(provider => Fails
                ? throw new InvalidOperationException("made to fail")
                : ActivatorUtilities.CreateInstance<SessionFactory>(provider));
        }

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
