using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Cards;

/// <summary>
/// The calendar's work on saved cards: marks what expires and has expired, and announces it twice. Never calls Stripe.
/// </summary>
public sealed class CardExpiry(
    Database database, CardRows rows, Mailer mailer, TimeProvider clock, IOptions<CardsOptions> options,
    IOptions<AppOptions> app)
{
    internal const string MailKind = "card_expiring";

    /// <summary>One announcement per card, date and distance.</summary>
    internal static string Key(SavedCard card, int days) =>
        $"card-expiring:{card.Id}:{card.ExpYear}-{card.ExpMonth}:{days}";

    /// <summary>
    /// Looks at the cards whose date is near or past; safe to repeat. Says how many changed or were announced.
    /// </summary>
    public async Task<int> SweepAsync(int cardsMax, CancellationToken cancellationToken = default)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var horizon = today.AddDays(options.Value.ExpiryNoticeDays);
        var months = (horizon.Year * 12) + horizon.Month;
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var due = await unit.Db.Set<SavedCard>().AsNoTracking()
            .Where(card => card.RemovedAt == null && card.State != CardState.Expired
                && (card.ExpYear * 12) + card.ExpMonth <= months)
            .OrderBy(card => card.Id).Take(cardsMax).Select(card => card.Id).ToListAsync(cancellationToken);
        var done = 0;
        foreach (var id in due)
        {
            done += await LookAsync(id, today, cancellationToken) ? 1 : 0;
        }

        return done;
    }

    private async Task<bool> LookAsync(Guid id, DateOnly today, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var card = await unit.Db.Set<SavedCard>().FromSql($"SELECT * FROM payment_methods WHERE id = {id} FOR UPDATE")
            .SingleAsync(cancellationToken);
        var (state, notice) = (rows.StateOf(card), NoticeDue(card, today));
        if (card.RemovedAt is not null || (state == card.State && notice is null))
        {
            return false;
        }

        card.State = state;
        if (notice is { } days)
        {
            card.ExpiryNoticeDays = days;
            Announce(unit, card);
        }

        await unit.CommitAsync(cancellationToken);
        return true;
    }

    // The nearer announcement makes the farther one pointless.
    private int? NoticeDue(SavedCard card, DateOnly today)
    {
        var left = CardPolicy.LastDay(card.ExpYear, card.ExpMonth).DayNumber - today.DayNumber;
        int? due = left < 0 ? null
            : left <= options.Value.ExpiryReminderDays ? options.Value.ExpiryReminderDays
            : left <= options.Value.ExpiryNoticeDays ? options.Value.ExpiryNoticeDays
            : null;
        return due is null || card.ExpiryNoticeDays <= due ? null : due;
    }

    private void Announce(UnitOfWork unit, SavedCard card) => mailer.Enqueue<CardExpiringMail>(
        unit, card.TenantId, MailKind, $"{CardNames.Of(card)} expires soon",
        new Dictionary<string, object?>
        {
            [nameof(CardExpiringMail.Card)] = CardNames.Of(card),
            [nameof(CardExpiringMail.LastDay)] = CardPolicy.LastDay(card.ExpYear, card.ExpMonth),
            [nameof(CardExpiringMail.IsDefault)] = card.IsDefault,
            [nameof(CardExpiringMail.Link)] = app.Value.Link("/cards").ToString(),
        },
        key: Key(card, card.ExpiryNoticeDays!.Value));
}
