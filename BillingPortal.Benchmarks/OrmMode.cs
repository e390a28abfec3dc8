using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Benchmarks;

/// <summary>The usual service of the field: load the account, check, SaveChanges with a concurrency token, again on conflict.</summary>
internal sealed class OrmMode(NpgsqlDataSource source) : IDebitMode
{
    private readonly SemaphoreSlim _connections = new(16);
    private readonly DbContextOptions<Books> _options = new DbContextOptionsBuilder<Books>().UseNpgsql(source).Options;

    public string Name => "orm";

    public async Task DebitAsync(int caller, Guid tenantId)
    {
        await _connections.WaitAsync();
        try
        {
            while (!await TryAsync(tenantId))
            {
            }
        }
        finally
        {
            _connections.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> TryAsync(Guid tenantId)
    {
        await using var books = new Books(_options);
        var account = await books.Accounts.SingleAsync(row => row.TenantId == tenantId && row.Unit == "credits");
        if (account.BalanceE4 < 10_000)
        {
            return true;
        }

        account.BalanceE4 -= 10_000;
        account.LastSeq++;
        var now = TimeProvider.System.GetUtcNow();
        books.Add(new BookEntry
        {
            TenantId = tenantId,
            Seq = account.LastSeq,
            AmountE4 = -10_000,
            BalanceAfterE4 = account.BalanceE4,
            IdempotencyKey = Ids.New(),
            OccurredAt = now,
            PostedAt = now,
        });
        try
        {
            await books.SaveChangesAsync();
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: "23505" })
        {
            return false;
        }
    }

    /// <summary>The same tables as plain entities.</summary>
    private sealed class Books(DbContextOptions<Books> options) : DbContext(options)
    {
        public DbSet<BookAccount> Accounts => Set<BookAccount>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<BookAccount>(account =>
            {
                account.ToTable("accounts").HasKey(row => new { row.TenantId, row.Unit });
                account.Property(row => row.TenantId).HasColumnName("tenant_id");
                account.Property(row => row.Unit).HasColumnName("unit");
                account.Property(row => row.BalanceE4).HasColumnName("balance_e4");
                account.Property(row => row.LastSeq).HasColumnName("last_seq").IsConcurrencyToken();
            });
            modelBuilder.Entity<BookEntry>(entry =>
            {
                entry.ToTable("entries").HasKey(row => new { row.TenantId, row.Unit, row.Seq });
                entry.Property(row => row.TenantId).HasColumnName("tenant_id");
                entry.Property(row => row.Unit).HasColumnName("unit");
                entry.Property(row => row.Seq).HasColumnName("seq").ValueGeneratedNever();
                entry.Property(row => row.AmountE4).HasColumnName("amount_e4");
                entry.Property(row => row.BalanceAfterE4).HasColumnName("balance_after_e4");
                entry.Property(row => row.IdempotencyKey).HasColumnName("idempotency_key");
                entry.Property(row => row.OccurredAt).HasColumnName("occurred_at");
                entry.Property(row => row.PostedAt).HasColumnName("posted_at");
                entry.Property(row => row.Kind).HasColumnName("kind");
                entry.Property(row => row.CounterAccount).HasColumnName("counter_account");
                entry.Property(row => row.CauseType).HasColumnName("cause_type");
            });
        }
    }

    /// <summary>An account as an ORM sees it.</summary>
    private sealed class BookAccount
    {
        public Guid TenantId { get; init; }

        public string Unit { get; init; } = "credits";

        public long BalanceE4 { get; set; }

        public long LastSeq { get; set; }
    }

    /// <summary>An entry as an ORM sees it.</summary>
    private sealed class BookEntry
    {
        public Guid TenantId { get; init; }

        public string Unit { get; init; } = "credits";

        public long Seq { get; init; }

        public long AmountE4 { get; init; }

        public long BalanceAfterE4 { get; init; }

        public Guid IdempotencyKey { get; init; }

        public DateTimeOffset OccurredAt { get; init; }

        public DateTimeOffset PostedAt { get; init; }

        public string Kind { get; init; } = "usage";

        public string CounterAccount { get; init; } = "voice_revenue";

        public string CauseType { get; init; } = "benchmark";
    }
}
