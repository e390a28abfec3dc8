using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// The door to PostgreSQL. A tenant's work runs as <c>portal_app</c>, where row-level security shows that tenant's rows only;
/// the operator's work (jobs, webhooks, staff) runs as <c>portal_ops</c>. Neither may change the schema or write an entry.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly DbContextOptions<BillingDb> _appOptions;
    private readonly DbContextOptions<BillingDb> _opsOptions;

    public Database(ConnectionStrings connections)
    {
        App = ConnectionStrings.Source(connections.App, "portal_app");
        Ops = ConnectionStrings.Source(connections.Ops, "portal_ops");
        _appOptions = Options(App);
        _opsOptions = Options(Ops);
    }

    /// <summary>Connections of the role <c>portal_app</c>. Without <c>app.tenant_id</c> they see no tenant's row.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>Connections of the role <c>portal_ops</c>, which sees every tenant.</summary>
    public NpgsqlDataSource Ops { get; }

    /// <summary>Begins a transaction that can see and change this tenant's rows only.</summary>
    public async Task<UnitOfWork> BeginAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var unit = await BeginAsync(_appOptions, tenantId, cancellationToken);
        try
        {
            await using var command = unit.Command("SELECT set_config('app.tenant_id', $1, true)", tenantId.ToString());
            await command.PrepareAsync(cancellationToken); // once per connection
            await command.ExecuteNonQueryAsync(cancellationToken);
            return unit;
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction of the operator. The caller names the tenant in every query itself.</summary>
    public Task<UnitOfWork> BeginOpsAsync(CancellationToken cancellationToken = default) =>
        BeginAsync(_opsOptions, tenantId: null, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Ops.DisposeAsync();
    }

    private static async Task<UnitOfWork> BeginAsync(
        DbContextOptions<BillingDb> options, Guid? tenantId, CancellationToken cancellationToken)
    {
        var db = new BillingDb(options);
        try
        {
            var unit = new UnitOfWork(db, await db.Database.BeginTransactionAsync(cancellationToken), tenantId);
            if (unit.IsReadOnly)
            {
                await using var command = unit.Command("SET TRANSACTION READ ONLY");
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return unit;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    private static DbContextOptions<BillingDb> Options(NpgsqlDataSource source) =>
        new DbContextOptionsBuilder<BillingDb>().UseNpgsql(source).Options;
}
