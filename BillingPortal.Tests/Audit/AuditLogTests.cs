using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Tests.Audit;

/// <summary>The log of changes: written with the change or not at all, never altered, seen by whom it concerns.</summary>
public sealed class AuditLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Ann = new(ActorKind.Staff, Ids.New(), "Ann Lee (support lead)");

    private AuditReader Reader => new(postgres.Database);

    [Fact]
    public async Task A_record_is_read_as_it_was_written()
    {
        var tenantId = Ids.New();
        await RecordAsync(
            Record(tenantId, "price.changed") with
            {
                Before = new { Rate = Amount.Credits(5), Kind = ActorKind.ApiKey },
                After = new { Rate = Amount.Usd(0.025m) },
            });

        var line = Assert.Single(await OfAsync(tenantId)).Line;
        Assert.Equal(postgres.Clock.GetUtcNow(), line.At);
        Assert.Equal((Ann.Kind, Ann.Id, Ann.Name), (line.ActorKind, line.ActorId, line.ActorName));
        Assert.Equal(("price.changed", "price", "p-1", "Changed."), (line.Action, line.SubjectType, line.SubjectId, line.Summary));
        Assert.Equal("""{"kind": "api_key", "rate": "5 credits"}""", line.Before);
        Assert.Equal("""{"rate": "$0.025"}""", line.After);
    }

    [Fact]
    public async Task Nothing_is_written_when_the_change_is_not_committed()
    {
        var tenantId = Ids.New();
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            new AuditLog(postgres.Clock).Record(unit, Record(tenantId, "price.changed"));
            await unit.Db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(await OfAsync(tenantId));
    }

    [Theory]
    [InlineData(true, "UPDATE audit_log SET summary = 'nothing happened'")]
    [InlineData(true, "DELETE FROM audit_log")]
    [InlineData(true, "TRUNCATE audit_log")]
    [InlineData(false, "UPDATE audit_log SET summary = 'nothing happened'")]
    [InlineData(false, "DELETE FROM audit_log")]
    [InlineData(false, "TRUNCATE audit_log")]
    public async Task Nobody_may_alter_or_remove_a_line(bool asTenant, string sql)
    {
        await using var unit = asTenant
            ? await postgres.Database.BeginAsync(Ids.New())
            : await postgres.Database.BeginOpsAsync();
        await using var command = unit.Command(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_tenant_sees_its_own_lines_alone()
    {
        var (mine, other) = (Ids.New(), Ids.New());
        await RecordAsync(Record(mine, "card.removed"), Record(other, "card.removed"), Record(tenantId: null, "price.changed"));

        var page = await Reader.PageOfTenantAsync(mine, new AuditFilter { TenantId = other });

        Assert.Equal(mine, Assert.Single(page.Items).Line.TenantId);
        await using var unit = await postgres.Database.BeginAsync(mine);
        Assert.Equal(1, await unit.Db.Set<AuditLine>().CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tenant_writes_its_own_lines_alone()
    {
        var (mine, other) = (Ids.New(), Ids.New());
        await RecordAsync(mine, Record(mine, "card.removed"));

        Assert.Single(await OfAsync(mine));
        foreach (var refused in new[] { other, (Guid?)null })
        {
            var failure = await Assert.ThrowsAsync<DbUpdateException>(() => RecordAsync(mine, Record(refused, "card.removed")));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.IsType<PostgresException>(failure.InnerException).SqlState);
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        var tenantId = Ids.New();
        // Seven at one moment and four before it: equal times must not confuse the paging.
        await RecordAsync([.. Enumerable.Range(0, 4).Select(_ => Record(tenantId, "a.done"))]);
        postgres.Clock.Advance(TimeSpan.FromMinutes(1));
        await RecordAsync([.. Enumerable.Range(0, 7).Select(_ => Record(tenantId, "a.done"))]);

        var filter = new AuditFilter { TenantId = tenantId };
        var seen = new List<AuditLine>();
        AuditCursor? next = null;
        do
        {
            var page = await Reader.PageAsync(filter, next, limit: 3);
            seen.AddRange(page.Items.Select(item => item.Line));
            next = page.Next is { } cursor ? AuditCursor.Parse(cursor.ToString()) : null;
        }
        while (next is not null);

        Assert.Equal(11, seen.Select(line => line.Id).Distinct().Count());
        Assert.Equal(11, seen.Count);
        Assert.Equal(seen.OrderByDescending(line => line.At), seen);
    }

    [Fact]
    public async Task The_log_is_filtered_by_everything_that_people_look_for()
    {
        var tenantId = Ids.New();
        var start = postgres.Clock.GetUtcNow();
        var key = new Actor(ActorKind.ApiKey, Ids.New(), "API key robot");
        await RecordAsync(Record(tenantId, "price.changed"), Record(tenantId, "price%withdrawn"));
        postgres.Clock.Advance(TimeSpan.FromHours(1));
        await RecordAsync(Record(tenantId, "card.removed") with { Actor = key, SubjectType = "card", SubjectId = "c-9" });

        Task<int> Count(AuditFilter filter) => CountAsync(filter with { TenantId = tenantId });
        Assert.Equal(3, await Count(new()));
        Assert.Equal(2, await Count(new() { Action = "price" }));
        Assert.Equal(1, await Count(new() { Action = "price%" })); // what people type is no pattern
        Assert.Equal(1, await Count(new() { ActorKind = ActorKind.ApiKey }));
        Assert.Equal(2, await Count(new() { ActorId = Ann.Id }));
        Assert.Equal(1, await Count(new() { SubjectType = "card", SubjectId = "c-9" }));
        Assert.Equal(0, await Count(new() { SubjectType = "price", SubjectId = "c-9" }));
        Assert.Equal(2, await Count(new() { To = start.AddHours(1) }));
        Assert.Equal(1, await Count(new() { From = start.AddHours(1) }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x-y")]
    [InlineData("ffffffffffffffff-0190a0a0a0a07000800000000000000f")]
    public void What_is_no_cursor_is_none(string? text) => Assert.Null(AuditCursor.Parse(text));

    private static AuditRecord Record(Guid? tenantId, string action) => new(tenantId, Ann, action, "price", "p-1", "Changed.");

    private Task RecordAsync(params AuditRecord[] records) => RecordAsync(asTenant: null, records);

    private async Task RecordAsync(Guid? asTenant, params AuditRecord[] records)
    {
        await using var unit = asTenant is { } id
            ? await postgres.Database.BeginAsync(id)
            : await postgres.Database.BeginOpsAsync();
        var log = new AuditLog(postgres.Clock);
        foreach (var record in records)
        {
            log.Record(unit, record);
        }

        await unit.CommitAsync();
    }

    private async Task<IReadOnlyList<AuditItem>> OfAsync(Guid tenantId) =>
        (await Reader.PageAsync(new AuditFilter { TenantId = tenantId })).Items;

    private async Task<int> CountAsync(AuditFilter filter) => (await Reader.PageAsync(filter)).Items.Count;
}
