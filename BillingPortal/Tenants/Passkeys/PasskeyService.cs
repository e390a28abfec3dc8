using BillingPortal.Data;
using BillingPortal.Tenants.Mail;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>How something about a passkey ended.</summary>
public enum PasskeyOutcome
{
    Done = 1,

    /// <summary>The browser's answer does not fit what was asked, or came too late.</summary>
    NotProven = 2,

    /// <summary>The person has as many as one may have.</summary>
    TooMany = 3,

    /// <summary>No name, or too long a one.</summary>
    NameWrong = 4,

    NotThere = 5,
    LockedOut = 6,
}

/// <summary>
/// A person's passkeys: made, named, removed, and used to sign in, which counts as both steps, because the device has asked for
/// finger, face or PIN. What was asked is kept in an encrypted cookie for the minutes in between (Identity's). Each change is told
/// by mail and commits with its line in the audit log.
/// </summary>
public sealed class PasskeyService(
    Database database, SignInManager<User> signIn, UserManager<User> users, PersonMails mails, AccountLog log)
{
    public const int PerPersonMax = 20;

    private const string Why =
        "You get this because it concerns your sign-in. If it was not you, remove the passkey and choose a new password at once.";

    /// <summary>What the browser needs to make one. Null: the password is wrong. Persons without a password have none to give.</summary>
    public async Task<string?> AskForNewAsync(User user, string password)
    {
        if (user.PasswordHash is not null && !await users.CheckPasswordAsync(user, password))
        {
            return null;
        }

        return await signIn.MakePasskeyCreationOptionsAsync(
            new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Email, DisplayName = user.Name });
    }

    /// <summary>What the browser needs to use one, whoever's it is: it tells nothing about who exists.</summary>
    public Task<string> AskForAnyAsync() => signIn.MakePasskeyRequestOptionsAsync(user: null);

    /// <summary>Keeps the new passkey that the browser has made.</summary>
    public async Task<PasskeyOutcome> AddAsync(
        User user, string credentialJson, string? name, CancellationToken cancellationToken = default)
    {
        if (NameOf(name) is not { } given)
        {
            return PasskeyOutcome.NameWrong;
        }

        var made = await ProveAsync(() => signIn.PerformPasskeyAttestationAsync(credentialJson));
        if (made is not { Succeeded: true } || made.UserEntity.Id != user.Id.ToString())
        {
            return PasskeyOutcome.NotProven;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using (var turn = unit.Command("SELECT id FROM users WHERE id = $1 FOR UPDATE", user.Id))
        {
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        if (await unit.Db.Set<Passkey>().CountAsync(row => row.UserId == user.Id, cancellationToken) >= PerPersonMax)
        {
            return PasskeyOutcome.TooMany;
        }

        unit.Db.Add(PasskeyStore.Make(user.Id, given, made.Passkey));
        var what = $"{user.Name} added the passkey {given}.";
        await TellAsync(unit, user, "passkey.added", "A passkey was added", what, given, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return PasskeyOutcome.Done;
    }

    public async Task<PasskeyOutcome> RenameAsync(User user, Guid id, string? name, CancellationToken cancellationToken = default)
    {
        if (NameOf(name) is not { } given)
        {
            return PasskeyOutcome.NameWrong;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await FindAsync(unit, user, id, cancellationToken) is not { } passkey)
        {
            return PasskeyOutcome.NotThere;
        }

        var before = passkey.Name;
        passkey.Name = given;
        await log.RecordAsync(
            unit, user, "passkey.renamed", $"{user.Name} renamed the passkey {before} to {given}.", after: new { Name = given },
            cancellationToken: cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return PasskeyOutcome.Done;
    }

    public async Task<PasskeyOutcome> RemoveAsync(User user, Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await FindAsync(unit, user, id, cancellationToken) is not { } passkey)
        {
            return PasskeyOutcome.NotThere;
        }

        unit.Db.Remove(passkey);
        var what = $"{user.Name} removed the passkey {passkey.Name}.";
        await TellAsync(unit, user, "passkey.removed", "A passkey was removed", what, passkey.Name, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return PasskeyOutcome.Done;
    }

    /// <summary>The person's passkeys, the oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Passkey>().AsNoTracking().Where(row => row.UserId == userId).OrderBy(row => row.CreatedAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Signs the passkey's owner in. The same answer for one that nobody has and for one that proves nothing.</summary>
    public async Task<(PasskeyOutcome Outcome, User? User)> SignInAsync(HttpContext context, string credentialJson, bool staySignedIn)
    {
        var proof = await ProveAsync(() => signIn.PerformPasskeyAssertionAsync(credentialJson));
        // What was asked is answered once, well or not.
        await context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (proof is not { Succeeded: true, User: { } user } || !await signIn.CanSignInAsync(user))
        {
            return (PasskeyOutcome.NotProven, null);
        }

        if (await users.IsLockedOutAsync(user))
        {
            return (PasskeyOutcome.LockedOut, null);
        }

        if (!(await users.AddOrUpdatePasskeyAsync(user, proof.Passkey)).Succeeded)
        {
            return (PasskeyOutcome.NotProven, null);
        }

        await signIn.SignInAsync(user, staySignedIn);
        return (PasskeyOutcome.Done, user);
    }

    // Identity throws where nothing had been asked in this browser.
    private static async Task<T?> ProveAsync<T>(Func<Task<T>> prove)
        where T : class
    {
        try
        {
            return await prove();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async Task TellAsync(
        UnitOfWork unit, User user, string action, string subject, string summary, string name, CancellationToken cancellationToken)
    {
        await log.RecordAsync(unit, user, action, summary, after: new { Name = name }, cancellationToken: cancellationToken);
        mails.Enqueue<PasskeyMail>(unit, user.Email, "passkey", subject, Why, new Dictionary<string, string?>
        {
            [nameof(PasskeyMail.Title)] = subject,
            [nameof(PasskeyMail.Person)] = user.Name,
            [nameof(PasskeyMail.Passkey)] = name,
        });
    }

    private static Task<Passkey?> FindAsync(UnitOfWork unit, User user, Guid id, CancellationToken cancellationToken) =>
        unit.Db.Set<Passkey>().SingleOrDefaultAsync(row => row.Id == id && row.UserId == user.Id, cancellationToken);

    private static string? NameOf(string? name) => name?.Trim() is { Length: > 0 and <= PasskeyMap.NameMax } given ? given : null;
}
