using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// Makes the link and mails it, if the address is somebody's; otherwise does nothing. Repeated, it finds its own row and stops.
/// </summary>
internal sealed class PasswordAskedHandler(
    Database database, UserManager<User> users, PersonMails mails, AccountLog log, IOptions<AppOptions> app, TimeProvider clock)
    : IOutboxHandler
{
    /// <summary>Over all processes, whatever their own limits let through.</summary>
    private const int LinksMax = ResetAttempts.PerEmail;

    private const string Why =
        "You get this because somebody asked for a new password for this address. If it was not you, ignore it: nothing has changed.";

    public string Kind => PasswordAsked.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var asked = message.Read<PasswordAsked>();
        if (await users.FindByEmailAsync(asked.Email) is not { } user)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var recent = await unit.Db.Set<PasswordReset>().AsNoTracking()
            .Where(row => row.UserId == user.Id && row.CreatedAt > now - ResetAttempts.Window)
            .Select(row => row.Id).ToListAsync(cancellationToken);
        if (recent.Contains(message.Id) || recent.Count >= LinksMax)
        {
            return;
        }

        var code = PasswordReset.NewCode();
        unit.Db.Add(new PasswordReset
        {
            Id = message.Id,
            UserId = user.Id,
            CodeHash = PasswordReset.HashOf(code),
            CreatedAt = now,
            ExpiresAt = now + PasswordService.LinkWorksFor,
        });
        mails.Enqueue<ResetMail>(
            unit, user.Email, "password_reset", "Choose a new password", Why,
            new Dictionary<string, string?>
            {
                [nameof(ResetMail.Name)] = user.Name,
                [nameof(ResetMail.Link)] = app.Value.Link($"{ResetPage.Path}?code={code}").AbsoluteUri,
                [nameof(ResetMail.From)] = asked.From,
            },
            now + PasswordService.LinkWorksFor);
        await log.RecordAsync(
            unit, user, "password.asked", $"A link for a new password was mailed to {user.Name}.", Actor.System("Sign-in page"),
            new { asked.From }, cancellationToken: cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }
}
