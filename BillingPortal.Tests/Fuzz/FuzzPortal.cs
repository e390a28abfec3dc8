using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Fuzz;

/// <summary>A portal with a sandbox for its providers, which takes as many requests as a fuzzer has.</summary>
public sealed class FuzzPortal : PortalHost, IAsyncLifetime
{
    public SandboxFixture Sandbox { get; } = new();

    public Database Database => Services.GetRequiredService<Database>();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Sandbox:Url", Sandbox.BaseUri.ToString()),
        new("Http:RequestsPerMinute", "100000000"),
        new("Http:UnknownRequestsPerMinute", "100000000"),
        new("Http:ProviderRequestsPerMinute", "100000000"),
        new("Logging:LogLevel:Default", "Error"),
    ];

    public new async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await base.InitializeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>Whatever came in: the books add up, and nothing was logged as an error.</summary>
    public async Task AssertUnharmedAsync()
    {
        var audit = await new LedgerAudit(Database, TimeProvider.System).RunAsync(full: true);
        Assert.Empty(audit.Violations);
        var errors = Log.Lines.Where(line => line.StartsWith("Error ", StringComparison.Ordinal)
            || line.StartsWith("Critical ", StringComparison.Ordinal)).Take(5).ToList();
        Assert.True(errors.Count == 0, $"Logged as errors:\n{string.Join('\n', errors)}");
    }
}
