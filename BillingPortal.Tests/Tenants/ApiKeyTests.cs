using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Keys;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Tenants;

/// <summary>Keys in their owner's hands: limits, rotation, end, what is written down and what never is.</summary>
public sealed class ApiKeyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly KeyUses _uses = new();

    private ApiKeyService Service => new(postgres.Database, new AuditLog(postgres.Clock), postgres.Clock);

    private ApiKeys Keys => new(postgres.Database, _uses, postgres.Clock);

    private ApiKeyReader Reader => new(postgres.Database, postgres.Clock);

    // Nineteen keys, six want to be the twentieth at once: one is.
    [Fact]
    public async Task Racing_for_the_twentieth_key_one_wins()
    {
        var owner = await OwnerAsync();
        for (var i = 0; i < ApiKeyService.LiveKeysMax - 1; i++)
        {
            await MadeAsync(owner);
        }

        // Nobody may write until all six have come as far as they can: without turns, all of them have counted nineteen by then.
        Task<KeyResult[]> race;
        await using (var holder = await postgres.Database.BeginOpsAsync())
        {
            await using var hold = holder.Command("LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE");
            await hold.ExecuteNonQueryAsync();
            race = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CreateAsync(owner)));
            await WaitUntilWaitingAsync(holder, 6);
        }

        var outcomes = await race;

        Assert.Single(outcomes, outcome => outcome.Outcome is KeyOutcome.Done);
        Assert.Equal(5, outcomes.Count(outcome => outcome.Outcome is KeyOutcome.TooMany));
        var board = await Reader.ReadAsync(owner.TenantId);
        Assert.Equal(ApiKeyService.LiveKeysMax, board.Working.Count);

        // No room for two at once; in place of the old one there is. A revoked one makes room again.
        var key = board.Working[0].Id;
        Assert.Equal(KeyOutcome.TooMany, (await RotateAsync(owner, key, KeyOverlap.Hour)).Outcome);
        Assert.Equal(KeyOutcome.Done, (await RotateAsync(owner, key, KeyOverlap.None)).Outcome);
        Assert.Equal(KeyOutcome.Done, (await Service.RevokeAsync(owner.TenantId, owner.Actor, board.Working[1].Id)).Outcome);
        await MadeAsync(owner);
    }

    [Fact]
    public async Task A_limit_is_given_changed_passed_on_by_rotation_and_taken_away_each_with_its_line()
    {
        var owner = await OwnerAsync();
        var made = await Service.CreateAsync(owner.TenantId, owner.Actor, new KeyWish("robot", ApiScopes.Read, 600));
        Assert.Equal(600, (await RecogniseAsync(made.Key!))!.Key.RequestsPerMinute);

        var changed = await Service.LimitAsync(owner.TenantId, owner.Actor, made.Key!.Id, 60);
        var next = (await RotateAsync(owner, made.Key.Id, KeyOverlap.Hour)).Key!;
        var passedOn = (await RecogniseAsync(next))!.Key.RequestsPerMinute;
        await Service.LimitAsync(owner.TenantId, owner.Actor, next.Id, null);

        Assert.Equal(KeyOutcome.Done, changed.Outcome);
        Assert.Equal(60, passedOn);
        Assert.Null((await RecogniseAsync(next))!.Key.RequestsPerMinute);
        Assert.Equal(
            ["api_key.created", "api_key.limited", "api_key.rotated", "api_key.limited"],
            (await LinesAsync(owner)).Select(line => line.Action));
    }

    [Fact]
    public async Task A_limit_of_nothing_too_much_or_another_tenants_key_is_refused()
    {
        var (owner, stranger) = (await OwnerAsync(), await OwnerAsync());
        var key = await MadeAsync(owner);

        foreach (var limit in new[] { 0, -1, ApiKeyService.RequestsPerMinuteMax + 1 })
        {
            var wish = new KeyWish("robot", ApiScopes.Read, limit);
            Assert.Equal(KeyOutcome.LimitOutOfRange, (await Service.CreateAsync(owner.TenantId, owner.Actor, wish)).Outcome);
            Assert.Equal(
                KeyOutcome.LimitOutOfRange, (await Service.LimitAsync(owner.TenantId, owner.Actor, key.Id, limit)).Outcome);
        }

        Assert.Equal(KeyOutcome.NotThere, (await Service.LimitAsync(stranger.TenantId, stranger.Actor, key.Id, 60)).Outcome);
        Assert.Equal(KeyOutcome.NotAllowed, (await Service.LimitAsync(owner.TenantId, stranger.Actor, key.Id, 60)).Outcome);
    }

    [Theory]
    [InlineData(KeyOverlap.Hour, 1)]
    [InlineData(KeyOverlap.Day, 24)]
    [InlineData(KeyOverlap.Week, 168)]
    public async Task Both_keys_work_until_the_overlap_ends_to_the_second(KeyOverlap overlap, int hours)
    {
        var owner = await OwnerAsync();
        var old = await MadeAsync(owner, ApiScopes.Usage);

        var next = (await RotateAsync(owner, old.Id, overlap)).Key!;
        Assert.Equal(KeyOutcome.NotThere, (await RotateAsync(owner, old.Id, overlap)).Outcome); // each key once

        postgres.Clock.Advance(TimeSpan.FromHours(hours) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await RecogniseAsync(old));
        Assert.Equal(2, (await Reader.ReadAsync(owner.TenantId)).Working.Count);
        postgres.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await RecogniseAsync(old));
        var known = await RecogniseAsync(next);
        Assert.Equal((owner.TenantId, ApiScopes.Usage), (known!.Tenant.Id, known.Key.Scopes));
        var ended = Assert.Single((await Reader.ReadAsync(owner.TenantId)).Ended);
        Assert.Equal((old.Id, KeyState.Replaced), (ended.Id, ended.StateAt(postgres.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Without_overlap_the_old_key_ends_at_once_and_a_key_running_out_can_be_revoked()
    {
        var owner = await OwnerAsync();
        var first = await MadeAsync(owner);
        var second = (await RotateAsync(owner, first.Id, KeyOverlap.None)).Key!;
        Assert.Null(await RecogniseAsync(first));

        await RotateAsync(owner, second.Id, KeyOverlap.Week);
        Assert.NotNull(await RecogniseAsync(second));
        Assert.Equal(KeyOutcome.Done, (await Service.RevokeAsync(owner.TenantId, owner.Actor, second.Id)).Outcome);
        Assert.Null(await RecogniseAsync(second));
        Assert.Equal(KeyOutcome.NotThere, (await Service.RevokeAsync(owner.TenantId, owner.Actor, second.Id)).Outcome);
    }

    [Fact]
    public async Task Another_tenants_key_is_not_there_and_a_stranger_may_nothing()
    {
        var (mine, other) = (await OwnerAsync(), await OwnerAsync());
        var key = await MadeAsync(mine);

        Assert.Equal(KeyOutcome.NotThere, (await Service.RevokeAsync(other.TenantId, other.Actor, key.Id)).Outcome);
        Assert.Equal(KeyOutcome.NotThere, (await RotateAsync(other, key.Id, KeyOverlap.None)).Outcome);
        var stranger = mine with { Actor = other.Actor };
        Assert.Equal(KeyOutcome.NotAllowed, (await CreateAsync(stranger)).Outcome);
        Assert.Equal(KeyOutcome.NotAllowed, (await RotateAsync(stranger, key.Id, KeyOverlap.None)).Outcome);
        Assert.Equal(KeyOutcome.NotAllowed, (await Service.RevokeAsync(mine.TenantId, other.Actor, key.Id)).Outcome);
        Assert.NotNull(await RecogniseAsync(key));
        Assert.Empty((await Reader.ReadAsync(other.TenantId)).Working);
        Assert.Equal(["api_key.created"], (await LinesAsync(mine)).Select(line => line.Action));
    }

    [Theory]
    [InlineData(MemberRole.BillingAdmin)]
    [InlineData(MemberRole.Viewer)]
    public async Task Who_is_no_owner_any_more_changes_nothing(MemberRole role)
    {
        var owner = await OwnerAsync();
        var key = await MadeAsync(owner);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            (await unit.Db.Set<Member>().SingleAsync(member => member.TenantId == owner.TenantId)).Role = role;
            var now = postgres.Clock.GetUtcNow();
            var successor = new User { Id = Ids.New(), Email = "", NormalizedEmail = $"{Ids.New()}", Name = "", CreatedAt = now };
            unit.Db.Add(successor);
            unit.Db.Add(new Member
            {
                TenantId = owner.TenantId,
                UserId = successor.Id,
                Role = MemberRole.Owner,
                CreatedAt = postgres.Clock.GetUtcNow(),
            });
            await unit.CommitAsync();
        }

        Assert.Equal(KeyOutcome.NotAllowed, (await CreateAsync(owner)).Outcome);
        Assert.Equal(KeyOutcome.NotAllowed, (await Service.RevokeAsync(owner.TenantId, owner.Actor, key.Id)).Outcome);
        Assert.NotNull(await RecogniseAsync(key));
    }

    [Theory]
    [InlineData(" ", ApiScopes.Read, KeyOutcome.NameMissing)]
    [InlineData("robot", ApiScopes.None, KeyOutcome.ScopesMissing)]
    [InlineData("robot", (ApiScopes)8, KeyOutcome.ScopesMissing)]
    [InlineData(null, ApiScopes.Read, KeyOutcome.NameMissing)]
    public async Task A_wrong_wish_is_refused(string? name, ApiScopes scopes, KeyOutcome expected)
    {
        var owner = await OwnerAsync();

        Assert.Equal(expected, (await Service.CreateAsync(owner.TenantId, owner.Actor, new KeyWish(name, scopes))).Outcome);
        Assert.Equal(
            KeyOutcome.NameTooLong,
            (await Service.CreateAsync(owner.TenantId, owner.Actor, new KeyWish(new string('n', 101), ApiScopes.Read))).Outcome);
        Assert.Empty(await LinesAsync(owner));
    }

    [Fact]
    public async Task Every_change_stands_in_the_audit_log_and_no_key_anywhere()
    {
        var owner = await OwnerAsync();
        var first = await MadeAsync(owner);
        var second = (await RotateAsync(owner, first.Id, KeyOverlap.Day)).Key!;
        await Service.RevokeAsync(owner.TenantId, owner.Actor, second.Id);

        var lines = await LinesAsync(owner);
        Assert.Equal(["api_key.created", "api_key.rotated", "api_key.revoked"], lines.Select(line => line.Action));
        Assert.All(lines, line => Assert.Equal((owner.Actor.Id, owner.Actor.Name), (line.ActorId, line.ActorName)));
        Assert.Equal([$"{first.Id}", $"{first.Id}", $"{second.Id}"], lines.Select(line => line.SubjectId));
        Assert.EndsWith("the old key works on for 24 hours.", lines[1].Summary, StringComparison.Ordinal);

        await using var unit = await postgres.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "SELECT (SELECT string_agg(k::text, '') FROM api_keys k) || (SELECT string_agg(a::text, '') FROM audit_log a)");
        var everything = (string)(await command.ExecuteScalarAsync())!;
        Assert.Contains(first.Text[..11], everything, StringComparison.Ordinal); // the search looks in the right place
        Assert.All([first, second], key => Assert.DoesNotContain(key.Text[12..], everything, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_written_once_a_minute_however_many_processes_see_it()
    {
        var key = await MadeAsync(await OwnerAsync());
        var second = new KeyUses();
        var written = 0;
        for (var i = 0; i < 3; i++)
        {
            await RecogniseAsync(key);
            await new ApiKeys(postgres.Database, second, postgres.Clock).RecogniseAsync(key.Text, default);
        }

        var waiting = Waiting(_uses).Concat(Waiting(second)).ToList();
        Assert.Equal(2, waiting.Count); // one of each process, of three requests each
        foreach (var use in waiting)
        {
            written += await WriteAsync(use) ? 1 : 0;
        }

        Assert.Equal(1, written);
        await RecogniseAsync(key);
        Assert.Empty(Waiting(_uses));
        postgres.Clock.Advance(KeyUses.Every);
        await RecogniseAsync(key);
        Assert.True(await WriteAsync(Assert.Single(Waiting(_uses))));
        Assert.Equal(postgres.Clock.GetUtcNow(), (await RecogniseAsync(key))!.Key.LastUsedAt);
    }

    // Somebody holds the key's row: the request does not wait for it.
    [Fact]
    public async Task A_request_never_waits_for_the_note_of_its_use()
    {
        var key = await MadeAsync(await OwnerAsync());
        await using var holder = await postgres.Database.BeginOpsAsync();
        await using var held = holder.Command("SELECT 1 FROM api_keys WHERE id = $1 FOR UPDATE", key.Id);
        await held.ExecuteScalarAsync();

        Assert.NotNull(await RecogniseAsync(key));
        Assert.Equal(key.Id, Assert.Single(Waiting(_uses)).KeyId);
    }

    private static async Task WaitUntilWaitingAsync(UnitOfWork unit, long sessions)
    {
        await using var command = unit.Command(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted "
            + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        while ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! < sessions)
        {
            await Task.Yield();
        }
    }

    private static List<KeyUse> Waiting(KeyUses uses)
    {
        var found = new List<KeyUse>();
        while (uses.Waiting.TryRead(out var use))
        {
            found.Add(use);
        }

        return found;
    }

    private async Task<bool> WriteAsync(KeyUse use)
    {
        using var writer = new KeyUseWriter(postgres.Database, _uses, NullLogger<KeyUseWriter>.Instance);
        return await writer.WriteAsync(use, default);
    }

    private Task<KnownApiKey?> RecogniseAsync(NewApiKey key) => Keys.RecogniseAsync(key.Text, default);

    private Task<KeyResult> CreateAsync(Owner owner, ApiScopes scopes = ApiScopes.Read) =>
        Service.CreateAsync(owner.TenantId, owner.Actor, new KeyWish("robot", scopes));

    private async Task<NewApiKey> MadeAsync(Owner owner, ApiScopes scopes = ApiScopes.Read) => (await CreateAsync(owner, scopes)).Key!;

    private Task<KeyResult> RotateAsync(Owner owner, Guid keyId, KeyOverlap overlap) =>
        Service.RotateAsync(owner.TenantId, owner.Actor, keyId, overlap);

    private async Task<IReadOnlyList<AuditLine>> LinesAsync(Owner owner)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().Where(line => line.TenantId == owner.TenantId).OrderBy(line => line.Id).ToListAsync();
    }

    private async Task<Owner> OwnerAsync()
    {
        var (tenant, user) = (Ids.New(), Ids.New());
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant,
            Slug = $"t{tenant:N}",
            Name = "Acme Voice",
            Plan = Unit.Credits,
            TimeZone = "UTC",
            CreatedAt = postgres.Clock.GetUtcNow(),
        });
        unit.Db.Add(new User
        {
            Id = user,
            Email = $"{user:N}@tests.example",
            NormalizedEmail = $"{user:N}@TESTS.EXAMPLE",
            Name = "Ada Lovelace",
            CreatedAt = postgres.Clock.GetUtcNow(),
        });
        await unit.Db.SaveChangesAsync();
        unit.Db.Add(new Member { TenantId = tenant, UserId = user, Role = MemberRole.Owner, CreatedAt = postgres.Clock.GetUtcNow() });
        await unit.CommitAsync();
        return new Owner(tenant, new Actor(ActorKind.Person, user, "Ada Lovelace (owner)"));
    }

    private sealed record Owner(Guid TenantId, Actor Actor);
}
