using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// One database transaction of one operation, under one role. It rolls back unless <see cref="CommitAsync"/> is called:
/// the commit is always visible in the service method. Never kept across a provider call.
/// </summary>
public sealed class UnitOfWork : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;
    private readonly List<Func<CancellationToken, Task>> _beforeCommit = [];
    private readonly List<Action> _afterCommit = [];

    internal UnitOfWork(BillingDb db, IDbContextTransaction transaction, Guid? tenantId)
    {
        IsReadOnly = ReadOnlyWork.IsOn;
        Db = db;
        _transaction = transaction;
        TenantId = tenantId;
    }

    /// <summary>Null for work of the operator (jobs, webhooks, staff), which sees every tenant.</summary>
    public Guid? TenantId { get; }

    /// <summary>PostgreSQL refuses every change in it: what is usually made at the first reading is left to somebody else.</summary>
    public bool IsReadOnly { get; }

    public BillingDb Db { get; }

    /// <summary>The open connection, for statements that EF Core cannot say.</summary>
    public NpgsqlConnection Connection => (NpgsqlConnection)Db.Database.GetDbConnection();

    public NpgsqlTransaction Transaction => (NpgsqlTransaction)_transaction.GetDbTransaction();

    /// <summary>Runs inside the transaction once tracked changes are saved: outbox rows, NOTIFY.</summary>
    public void BeforeCommit(Func<CancellationToken, Task> statement) => _beforeCommit.Add(statement);

    /// <summary>Runs once the rows are durable: wakes a local worker early. Correctness must not depend on it.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>
    /// Saves tracked changes and commits. Nothing of this unit may be used afterwards. The commit itself is waited for, whatever
    /// becomes of the caller.
    /// </summary>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        await Db.SaveChangesAsync(cancellationToken);
        foreach (var statement in _beforeCommit)
        {
            await statement(cancellationToken);
        }

        await CommitDurablyAsync();
        foreach (var action in _afterCommit)
        {
            action();
        }
    }

    /// <summary>A statement with parameters <c>$1, $2 …</c> inside this transaction.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, Connection, Transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return command;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }

    // Who gives up waiting for a synchronous standby is told by PostgreSQL that the commit succeeded, though the standby does not have
    // it: neither a caller's cancellation nor a timeout may end this wait.
    private async Task CommitDurablyAsync()
    {
        await using var commit = new NpgsqlCommand("COMMIT", Connection, Transaction) { CommandTimeout = 0 };
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
