using BillingPortal.Data;
using BillingPortal.Ledger;

namespace BillingPortal.Tests.Support;

/// <summary>A migrated database of its own for one test class; tests inside it keep apart by tenant.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public ConnectionStrings Connections { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    /// <summary>The ledger of all tests of the class.</summary>
    public LedgerWriter LedgerWriter { get; private set; } = null!;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync()
    {
        Connections = await TestPostgres.CreateDatabaseAsync();
        Database = new Database(Connections);
        LedgerWriter = new LedgerWriter(Database, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await LedgerWriter.DisposeAsync();
        await Database.DisposeAsync();
    }
}
