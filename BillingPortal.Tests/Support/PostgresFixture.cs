using BillingPortal.Data;

namespace BillingPortal.Tests.Support;

/// <summary>A migrated database of its own for one test class; tests inside it keep apart by tenant.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public ConnectionStrings Connections { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync()
    {
        Connections = await TestPostgres.CreateDatabaseAsync();
        Database = new Database(Connections);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
