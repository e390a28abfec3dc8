using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// Finds or makes the member whom an issuer has sent. The issuer's word counts for the connection's own tenant only: it never reaches
/// another tenant's membership and none of the staff. A refusal changes nothing.
/// </summary>
internal sealed class SsoArrivals(Database database, AuditLog audit, ILookupNormalizer normalizer, TimeProvider clock)
{
    private static readonly Actor Hand = Actor.System("Single sign-on");

    /// <summary>True the first time; a state that was used opens nothing again. Commits.</summary>
    public async Task<bool> UseAsync(byte[] stateSha256, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow(); // as the cookie's age
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var sweep = unit.Command("DELETE FROM sso_used_states WHERE used_at < $1", now.AddHours(-1));
        await sweep.ExecuteNonQueryAsync(cancellationToken);
        await using var use = unit.Command(
            "INSERT INTO sso_used_states (state_sha256, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", stateSha256, now);
        var isFirst = await use.ExecuteNonQueryAsync(cancellationToken) == 1;
        await unit.CommitAsync(cancellationToken);
        return isFirst;
    }

    /// <summary>The person, a member of the connection's tenant with the role that follows from the claim; or why not. Commits.</summary>
    public async Task<SsoArrival> ArriveAsync(
        SsoConnection asked, SsoPersonClaims person, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await SsoTurn.TakeAsync(unit, asked.TenantId, cancellationToken);
        await TakeTeamsTurnAsync(unit, asked.TenantId, cancellationToken);
        var connection = await unit.Db.Set<SsoConnection>().SingleOrDefaultAsync(one => one.TenantId == asked.TenantId, cancellationToken);
        if (connection is null || connection.Issuer != asked.Issuer || connection.ClientId != asked.ClientId)
        {
            return new SsoArrival(SsoRefusal.NoConnection); // changed while the person was away
        }

        var known = await unit.Db.Set<SsoIdentity>().SingleOrDefaultAsync(
            one => one.TenantId == connection.TenantId && one.Issuer == connection.Issuer && one.Subject == person.Subject,
            cancellationToken);
        var found = known is null
            ? await ByAddressAsync(unit, connection, person, cancellationToken)
            : new SsoArrival(await unit.Db.Set<User>().SingleAsync(user => user.Id == known.UserId, cancellationToken));
        if (found.User is not { } user)
        {
            return found;
        }

        if (await unit.Db.Set<StaffMember>().AnyAsync(staff => staff.UserId == user.Id, cancellationToken))
        {
            return new SsoArrival(SsoRefusal.Staff);
        }

        var now = clock.GetUtcNow();
        if (await MemberAsync(unit, connection, person, user, isNew: known is null, now, cancellationToken) is { } refusal)
        {
            return new SsoArrival(refusal);
        }

        known ??= unit.Db.Add(new SsoIdentity
        {
            TenantId = connection.TenantId,
            Issuer = connection.Issuer,
            Subject = person.Subject,
            UserId = user.Id,
            CreatedAt = now,
            LastSignInAt = now,
        }).Entity;
        known.LastSignInAt = now;
        try
        {
            await unit.CommitAsync(cancellationToken);
            return new SsoArrival(user);
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation,
        })
        {
            return new SsoArrival(SsoRefusal.Lost); // somebody made the same person at the same moment: the next try finds them
        }
    }

    // The first time only: from then on the subject says who it is, whatever becomes of the address.
    private async Task<SsoArrival> ByAddressAsync(
        UnitOfWork unit, SsoConnection connection, SsoPersonClaims person, CancellationToken cancellationToken)
    {
        var domain = EmailDomain.OfAddress(person.Email);
        if (domain is null || !person.IsVerified)
        {
            return new SsoArrival(SsoRefusal.Unverified);
        }

        var own = await unit.Db.Set<SsoDomain>().SingleOrDefaultAsync(
            one => one.TenantId == connection.TenantId && one.Domain == domain, cancellationToken);
        if (own is null)
        {
            return new SsoArrival(SsoRefusal.ForeignDomain);
        }

        var mayJoin = connection.LetsPeopleJoin && own.ConfirmedAt is not null;
        var normalized = normalizer.NormalizeEmail(person.Email!);
        if (await unit.Db.Set<User>().SingleOrDefaultAsync(user => user.NormalizedEmail == normalized, cancellationToken) is { } user)
        {
            var isMember = await unit.Db.Set<Member>().AnyAsync(
                member => member.TenantId == connection.TenantId && member.UserId == user.Id, cancellationToken);
            var isTaken = await unit.Db.Set<SsoIdentity>().AnyAsync(
                one => one.TenantId == connection.TenantId && one.UserId == user.Id && one.Issuer == connection.Issuer, cancellationToken);
            return isTaken ? new SsoArrival(SsoRefusal.Taken)
                : isMember || (mayJoin && !await WasRemovedAsync(unit, connection.TenantId, user.Id, cancellationToken))
                    ? new SsoArrival(user) : new SsoArrival(SsoRefusal.NotMember);
        }

        return mayJoin ? new SsoArrival(New(unit, person, normalized)) : new SsoArrival(SsoRefusal.NotMember);
    }

    // Whom an owner removed comes back by an invitation only, also if they never came this way before.
    private static async Task<bool> WasRemovedAsync(UnitOfWork unit, Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var id = userId.ToString();
        return await unit.Db.Set<AuditLine>().AnyAsync(
            line => line.SubjectType == "member" && line.SubjectId == id && line.TenantId == tenantId && line.Action == "member.removed",
            cancellationToken);
    }

    private User New(UnitOfWork unit, SsoPersonClaims person, string normalized)
    {
        var user = new User
        {
            Id = Ids.New(),
            Email = person.Email!,
            NormalizedEmail = normalized,
            Name = person.Name ?? person.Email!,
            SecurityStamp = Ids.New().ToString("N"),
            ConcurrencyStamp = Ids.New().ToString("N"),
            CreatedAt = clock.GetUtcNow(),
        };
        unit.Db.Add(user);
        return user;
    }

    private async Task<SsoRefusal?> MemberAsync(
        UnitOfWork unit, SsoConnection connection, SsoPersonClaims person, User user, bool isNew, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var member = await unit.Db.Set<Member>().SingleOrDefaultAsync(
            one => one.TenantId == connection.TenantId && one.UserId == user.Id, cancellationToken);
        var role = RoleOf(connection, person);
        if (member is null)
        {
            // Who is known and no member any more was removed: only an invitation brings them back.
            if (!isNew)
            {
                return SsoRefusal.NotMember;
            }

            var first = role ?? connection.DefaultRole;
            unit.Db.Add(new Member { TenantId = connection.TenantId, UserId = user.Id, Role = first, CreatedAt = now });
            Write(
                "member.joined", $"{user.Name} ({user.Email}) joined by single sign-on as {first.ToText().ToLowerInvariant()}.",
                null, first);
        }
        else if (role is { } wanted && member.Role is not MemberRole.Owner && member.Role != wanted)
        {
            var before = member.Role;
            member.Role = wanted;
            Write(
                "member.role_changed",
                $"{user.Name} is {wanted.ToText().ToLowerInvariant()} now by single sign-on, was {before.ToText().ToLowerInvariant()}.",
                before, wanted);
        }

        if (isNew && member is not null)
        {
            Write("sso.linked", $"{user.Name} ({user.Email}) signed in by single sign-on for the first time.", null, null);
        }

        return null;

        void Write(string action, string summary, MemberRole? before, MemberRole? after) => audit.Record(unit, new AuditRecord(
            connection.TenantId, Hand, action, "member", user.Id.ToString(), summary,
            before is { } old ? new { Role = old.ToText() } : null, after is { } now ? new { Role = now.ToText() } : null));
    }

    private static MemberRole? RoleOf(SsoConnection connection, SsoPersonClaims person) =>
        person.Roles is null ? null : RoleRule.Of(RoleRule.Parse(connection.RoleRules).Rules ?? [], person.Roles, connection.DefaultRole);

    // Nobody changes the team between the look and the commit.
    private static async Task TakeTeamsTurnAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"team:{tenantId}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Who came, or why nobody did.</summary>
internal sealed record SsoArrival(User? User, SsoRefusal? Refusal)
{
    public SsoArrival(User user)
        : this(user, null)
    {
    }

    public SsoArrival(SsoRefusal refusal)
        : this(null, refusal)
    {
    }
}
