using System.Security.Cryptography;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants.Mail;
using BillingPortal.Tenants.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BillingPortal.Tenants.Addresses;

/// <summary>How a change of the sign-in address ended.</summary>
public enum AddressOutcome
{
    Done = 1,
    WrongPassword = 2,

    /// <summary>It is the address in force.</summary>
    Same = 3,

    /// <summary>Used, replaced, too old, or never a link of ours; or somebody else has the address by now.</summary>
    LinkEnded = 4,
}

/// <summary>
/// Changes the email address by which a person signs in: asked for with the password, done by a link that is mailed to the new
/// address, told to the old one both times. The change ends every session and every link that went to the old address. Nobody
/// learns here whether an address is taken.
/// </summary>
public sealed class AddressService(
    Database database, UserManager<User> users, PersonMails mails, AccountLog log, IOptions<AppOptions> app, TimeProvider clock)
{
    public static readonly TimeSpan LinkWorksFor = TimeSpan.FromHours(24);

    private const string WhyNew =
        "You get this because somebody entered this address as their own. If it was not you, ignore it: nothing has changed.";

    private const string WhyOld =
        "You get this because it concerns your sign-in. If it was not you, choose a new password at once and tell support.";

    /// <summary>
    /// Mails the link. Done also where the address is taken: then its owner is told instead, and the asker sees no difference.
    /// </summary>
    public async Task<AddressOutcome> AskAsync(
        User user, string newEmail, string password, CancellationToken cancellationToken = default)
    {
        var email = newEmail.Trim();
        if (!await users.CheckPasswordAsync(user, password))
        {
            return AddressOutcome.WrongPassword;
        }

        if (users.NormalizeEmail(email) == user.NormalizedEmail)
        {
            return AddressOutcome.Same;
        }

        var isTaken = await users.FindByEmailAsync(email) is not null;
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await EndOpenAsync(unit, user.Id, clock.GetUtcNow(), cancellationToken);
        if (isTaken)
        {
            mails.Enqueue<AccountMail>(
                unit, email, "email_taken", "You sign in with this address already", WhyNew,
                AccountMail.Of("You sign in with this address already", "you", "Somebody entered it as their own. Nothing has changed."));
        }
        else
        {
            MailLink(unit, user, email);
        }

        Tell(
            unit, user, user.Email, "Your email address is about to change",
            $"Somebody with your password asked to sign in with {email}. Until the link that was mailed there is used, nothing changes.");
        await log.RecordAsync(
            unit, user, "email.asked", $"{user.Name} asked to sign in with another email address.", after: new { Email = email },
            cancellationToken: cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return AddressOutcome.Done;
    }

    /// <summary>The address that a link confirms, while it works; null otherwise. Uses nothing up.</summary>
    public async Task<string?> NewEmailOfAsync(string code, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (hash, now) = (PasswordReset.HashOf(code), clock.GetUtcNow());
        return await unit.Db.Set<AddressChange>().AsNoTracking()
            .Where(row => row.CodeHash == hash && row.EndedAt == null && row.ExpiresAt > now)
            .Select(row => row.NewEmail).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Uses the link up. From now on the person signs in with the new address, everywhere anew.</summary>
    public async Task<AddressOutcome> ConfirmAsync(string code, CancellationToken cancellationToken = default)
    {
        var (hash, now) = (PasswordReset.HashOf(code), clock.GetUtcNow());
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var change = await unit.Db.Set<AddressChange>().FromSql($"SELECT * FROM address_changes WHERE code_hash = {hash} FOR UPDATE")
            .AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (change is null || change.EndedAt is not null || change.ExpiresAt <= now)
        {
            return AddressOutcome.LinkEnded;
        }

        var user = await unit.Db.Set<User>().FromSql($"SELECT * FROM users WHERE id = {change.UserId} FOR UPDATE")
            .SingleAsync(cancellationToken);
        var before = user.Email;
        (user.Email, user.NormalizedEmail) = (change.NewEmail, users.NormalizeEmail(change.NewEmail)!);
        (user.SecurityStamp, user.ConcurrencyStamp) = (NewStamp(), NewStamp());
        await EndOpenAsync(unit, user.Id, now, cancellationToken);
        await unit.Db.Set<PasswordReset>().Where(row => row.UserId == user.Id && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
        Tell(
            unit, user, before, "Your email address was changed",
            $"You sign in with {user.Email} from now on. Every browser that was signed in is signed out.");
        await log.RecordAsync(
            unit, user, "email.changed", $"{user.Name} signs in with another email address.",
            after: new { Before = before, user.Email }, cancellationToken: cancellationToken);
        try
        {
            await unit.CommitAsync(cancellationToken);
            return AddressOutcome.Done;
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return AddressOutcome.LinkEnded; // somebody else took the address meanwhile
        }
    }

    private static Task<int> EndOpenAsync(UnitOfWork unit, Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        unit.Db.Set<AddressChange>().Where(row => row.UserId == userId && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));

    private void MailLink(UnitOfWork unit, User user, string email)
    {
        var (code, now) = (PasswordReset.NewCode(), clock.GetUtcNow());
        unit.Db.Add(new AddressChange
        {
            Id = Ids.New(),
            UserId = user.Id,
            NewEmail = email,
            CodeHash = PasswordReset.HashOf(code),
            CreatedAt = now,
            ExpiresAt = now + LinkWorksFor,
        });
        mails.Enqueue<AddressMail>(
            unit, email, "email_confirm", "Confirm your new email address", WhyNew,
            new Dictionary<string, string?>
            {
                [nameof(AddressMail.Name)] = user.Name,
                [nameof(AddressMail.Link)] = app.Value.Link($"{ConfirmAddressPage.Path}?code={code}").AbsoluteUri,
            },
            now + LinkWorksFor);
    }

    private void Tell(UnitOfWork unit, User user, string to, string subject, string text) => mails.Enqueue<AccountMail>(
        unit, to, "email_change", subject, WhyOld, AccountMail.Of(subject, user.Name, text));
}
