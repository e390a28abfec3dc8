using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Tenants.Team;

/// <summary>
/// Lets the invited in, by the link of their mail: as a new person, or with the sign-in that has the invited address. A link works
/// once; membership, end of the invitation and audit line commit together.
/// </summary>
public sealed class AcceptService(
    Database database, IServiceScopeFactory scopes, AuditLog audit, BalanceFeed feed, TimeProvider clock)
{
    public const int NameMax = 100;

    /// <summary>What a link is good for now.</summary>
    public async Task<InvitationSeen> ReadAsync(string? token, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await FindAsync(unit, token, cancellationToken) is { } found ? Seen(found) : InvitationSeen.Unknown;
    }

    /// <summary>Makes the person. Refused when the address signs in here already: whoever holds the link is told so, nobody else.</summary>
    public async Task<Accepted> AcceptAsNewAsync(
        string? token, string name, string password, CancellationToken cancellationToken = default)
    {
        if (name.Trim() is not { Length: > 0 and <= NameMax } tidy)
        {
            return new Accepted(AcceptOutcome.NameWrong);
        }

        var seen = await ReadAsync(token, cancellationToken);
        if (seen.State is not LinkState.Open)
        {
            return new Accepted(AcceptOutcome.LinkOver);
        }

        // Before the turn is taken: hashing a password is slow on purpose.
        var (user, problem) = await PrepareAsync(seen.Email, tidy, password);
        if (problem is not null)
        {
            return new Accepted(AcceptOutcome.PasswordWrong, Problem: problem);
        }

        try
        {
            return await JoinAsync(token, user, isNew: true, cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation, TableName: "users",
        })
        {
            return new Accepted(AcceptOutcome.HasSignIn); // made in this very moment
        }
    }

    /// <summary>For the person who is signed in; only the invited address may.</summary>
    public async Task<Accepted> AcceptAsync(string? token, User user, CancellationToken cancellationToken = default) =>
        await JoinAsync(token, user, isNew: false, cancellationToken);

    private async Task<Accepted> JoinAsync(string? token, User user, bool isNew, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await FindAsync(unit, token, cancellationToken) is not { } seen)
        {
            return new Accepted(AcceptOutcome.LinkOver);
        }

        var tenantId = seen.Invitation.TenantId;
        await TeamDoor.TakeTurnAsync(unit, tenantId, cancellationToken);
        await unit.Db.Entry(seen.Invitation).ReloadAsync(cancellationToken); // it may have ended while we waited
        if (await RefusalAsync(unit, seen, user, isNew, cancellationToken) is { } refused)
        {
            return new Accepted(refused);
        }

        var (invitation, now) = (seen.Invitation, clock.GetUtcNow());
        (invitation.AcceptedAt, invitation.AcceptedBy) = (now, user.Id);
        if (isNew)
        {
            unit.Db.Add(user);
        }

        // Whoever became a member in the meantime keeps the role they were given then.
        if (!await unit.Db.Set<Member>().AnyAsync(row => row.TenantId == tenantId && row.UserId == user.Id, cancellationToken))
        {
            unit.Db.Add(new Member { TenantId = tenantId, UserId = user.Id, Role = invitation.Role, CreatedAt = now });
            audit.Record(unit, new AuditRecord(
                tenantId, new Actor(ActorKind.Person, user.Id, $"{user.Name} ({invitation.Role.ToText().ToLowerInvariant()})"),
                "member.joined", "member", user.Id.ToString(),
                $"{user.Name} joined as {TeamTexts.A(invitation.Role)}, invited by {invitation.InvitedBy}.",
                After: new { invitation.Email, Role = invitation.Role.ToText() }));
        }

        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return new Accepted(AcceptOutcome.Done, user, tenantId);
    }

    private async Task<AcceptOutcome?> RefusalAsync(
        UnitOfWork unit, Found found, User user, bool isNew, CancellationToken cancellationToken)
    {
        var invited = found.Invitation.NormalizedEmail;
        if (Seen(found).State is not LinkState.Open)
        {
            return AcceptOutcome.LinkOver;
        }

        if (TeamTexts.Normalize(user.Email) != invited)
        {
            return AcceptOutcome.ForeignAddress;
        }

        var hasSignIn = await unit.Db.Set<User>().AnyAsync(row => row.NormalizedEmail == user.NormalizedEmail, cancellationToken);
        return isNew && hasSignIn ? AcceptOutcome.HasSignIn
            : await unit.Db.Set<StaffMember>().AnyAsync(row => row.UserId == user.Id, cancellationToken) ? AcceptOutcome.IsStaff
            : null;
    }

    private async Task<(User User, string? Problem)> PrepareAsync(string email, string name, string password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User
        {
            Id = Ids.New(),
            Email = email,
            NormalizedEmail = users.NormalizeEmail(email),
            Name = name,
            SecurityStamp = Ids.New().ToString("N"),
            ConcurrencyStamp = Ids.New().ToString("N"),
            CreatedAt = clock.GetUtcNow(),
        };
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, password);
            if (!result.Succeeded)
            {
                return (user, string.Join(' ', result.Errors.Select(error => error.Description)));
            }
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        return (user, null);
    }

    private static async Task<Found?> FindAsync(UnitOfWork unit, string? token, CancellationToken cancellationToken)
    {
        if (!InvitationTokens.IsPlausible(token))
        {
            return null;
        }

        var hash = InvitationTokens.HashOf(token!);
        return await (from known in unit.Db.Set<InvitationToken>()
                      join invitation in unit.Db.Set<Invitation>() on known.InvitationId equals invitation.Id
                      join tenant in unit.Db.Set<Tenant>() on invitation.TenantId equals tenant.Id
                      where known.Sha256 == hash
                      select new Found(invitation, known.Mail, tenant.Name)).SingleOrDefaultAsync(cancellationToken);
    }

    private InvitationSeen Seen(Found found)
    {
        var invitation = found.Invitation;
        var state = invitation.StateAt(clock.GetUtcNow()) switch
        {
            InvitationState.Accepted => LinkState.Used,
            InvitationState.Withdrawn => LinkState.Withdrawn,
            InvitationState.Expired => LinkState.Expired,
            InvitationState.Open => LinkState.Open,
        };
        var isReplaced = (state is LinkState.Open or LinkState.Expired) && found.Mail != invitation.Mails;
        return new InvitationSeen(
            isReplaced ? LinkState.Replaced : state, found.TenantName, invitation.Email, invitation.Role, invitation.InvitedBy,
            invitation.ExpiresAt);
    }

    private sealed record Found(Invitation Invitation, int Mail, string TenantName);
}
