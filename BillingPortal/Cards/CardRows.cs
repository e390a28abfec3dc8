using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Cards;

/// <summary>
/// The rows of saved cards, inside the caller's transaction: storing what Stripe says a card is, and taking one out.
/// Never calls Stripe.
/// </summary>
public sealed class CardRows(
    OutboxWriter outbox, BalanceFeed feed, Mailer mailer, TimeProvider clock, IOptions<CardsOptions> options)
{
    /// <summary>
    /// Inserts the card or brings its row up to date. The same card under a younger payment method takes over the row,
    /// its order and its default; the older payment method is left to the outbox. The tenant's first card becomes the
    /// default.
    /// </summary>
    public async Task<SavedCard> StoreAsync(
        UnitOfWork unit, Guid tenantId, PaymentMethod method, CancellationToken cancellationToken)
    {
        await LockAsync(unit, tenantId, cancellationToken);
        var cards = await KeptAsync(unit, tenantId, cancellationToken);
        var known = await unit.Db.Set<SavedCard>()
            .SingleOrDefaultAsync(card => card.PaymentMethodId == method.Id
                && card.TenantId == tenantId, cancellationToken);
        var same = known is { RemovedAt: null } ? null
            : cards.Find(card => card.Fingerprint is not null && card.Fingerprint == method.Card!.Fingerprint);
        if (same is not null && (known is not null || same.IssuedAt > method.CreatedAt))
        {
            Supersede(unit, tenantId, method.Id);
            return same;
        }

        if (same is not null)
        {
            Supersede(unit, tenantId, same.PaymentMethodId);
        }

        var before = known is { RemovedAt: null } ? known.State : (CardState?)null;
        var card = same ?? known ?? Add(unit, tenantId, cards);
        Describe(unit, card, method);
        card.IsDefault = card.IsDefault || !cards.Exists(other => other.IsDefault);
        if (before is null && same is null)
        {
            Record(unit, card, "card.added", $"{CardNames.Of(card)} added.", before: null, SidesOf(card));
        }

        if (before is null
            || (before is CardState.NeedsAttention or CardState.Expired && card.State is CardState.Active))
        {
            outbox.Enqueue(unit, CardSaved.MessageKind, tenantId, new CardSaved(tenantId, card.Id, method.Id));
        }

        feed.Ring(unit, tenantId);
        return card;
    }

    /// <summary>
    /// Takes the card out of the list; the next one in order becomes the default. False when it was not there.
    /// </summary>
    public async Task<bool> RemoveAsync(
        UnitOfWork unit, Guid tenantId, string paymentMethodId, CancellationToken cancellationToken)
    {
        await LockAsync(unit, tenantId, cancellationToken);
        var cards = await KeptAsync(unit, tenantId, cancellationToken);
        if (cards.Find(card => card.PaymentMethodId == paymentMethodId) is not { } gone)
        {
            return false;
        }

        EndExpiry(unit, gone);
        Record(unit, gone, "card.removed", $"{CardNames.Of(gone)} removed.", SidesOf(gone), after: null);
        var left = cards.Where(card => card != gone).ToList();
        (gone.IsDefault, gone.RemovedAt) = (false, clock.GetUtcNow());
        await unit.Db.SaveChangesAsync(cancellationToken); // the default's unique index wants the old one gone first
        if (left.Count > 0 && !left.Exists(card => card.IsDefault))
        {
            left[0].IsDefault = true;
        }

        outbox.Enqueue(
            unit, CardRemoved.MessageKind, tenantId, new CardRemoved(tenantId, gone.Id, paymentMethodId, left.Count));
        feed.Ring(unit, tenantId);
        return true;
    }

    /// <summary>Makes this card the tenant's default. False when the tenant has no such card.</summary>
    public async Task<bool> MakeDefaultAsync(
        UnitOfWork unit, Guid tenantId, string paymentMethodId, CancellationToken cancellationToken)
    {
        await LockAsync(unit, tenantId, cancellationToken);
        var cards = await KeptAsync(unit, tenantId, cancellationToken);
        if (cards.Find(card => card.PaymentMethodId == paymentMethodId) is not { } chosen)
        {
            return false;
        }

        Record(
            unit, chosen, "card.made_default", $"{CardNames.Of(chosen)} is the default card.",
            new { Default = cards.Find(card => card.IsDefault) is { } old ? CardNames.Of(old) : null, Chosen = chosen.IsDefault },
            new { Default = CardNames.Of(chosen), Chosen = true });
        cards.ForEach(card => card.IsDefault = false);
        await unit.Db.SaveChangesAsync(cancellationToken);
        chosen.IsDefault = true;
        feed.Ring(unit, tenantId);
        return true;
    }

    /// <summary>The cards that are not removed, in order.</summary>
    public static Task<List<SavedCard>> KeptAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<SavedCard>().Where(card => card.TenantId == tenantId && card.RemovedAt == null)
            .OrderBy(card => card.Priority).ThenBy(card => card.CreatedAt).ToListAsync(cancellationToken);

    /// <summary>A card by Stripe's id, removed ones included.</summary>
    public static Task<SavedCard?> FindAsync(
        UnitOfWork unit, string paymentMethodId, CancellationToken cancellationToken) =>
        unit.Db.Set<SavedCard>().SingleOrDefaultAsync(
            card => card.PaymentMethodId == paymentMethodId, cancellationToken);

    /// <summary>One change of a tenant's cards at a time; purchases take it too where they must be alone.</summary>
    public static async Task LockAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        await using var command =
            unit.Command("SELECT 1 FROM stripe_customers WHERE tenant_id = $1 FOR UPDATE", tenantId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What the card's data says of it today.</summary>
    public CardState StateOf(SavedCard card) =>
        CardPolicy.StateOf(card, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), options.Value.ExpiryNoticeDays);

    /// <summary>The line of a new order of trying.</summary>
    public void RecordOrder(UnitOfWork unit, Guid tenantId, IEnumerable<SavedCard> before, IEnumerable<SavedCard> after) =>
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "cards.reordered", tenantId.ToString(), "The order in which cards are tried was changed.",
            new { Order = string.Join(", ", before.Select(CardNames.Of)) }, new { Order = string.Join(", ", after.Select(CardNames.Of)) }));

    private void Record(UnitOfWork unit, SavedCard card, string action, string summary, object? before, object? after) =>
        unit.RecordSetting(clock, new SettingChange(card.TenantId, action, card.Id.ToString(), summary, before, after));

    // What stands on the card's face, and no more.
    private static object SidesOf(SavedCard card) =>
        new { Card = CardNames.Of(card), Expires = $"{card.ExpMonth:00}/{card.ExpYear}", Default = card.IsDefault };

    private SavedCard Add(UnitOfWork unit, Guid tenantId, List<SavedCard> cards)
    {
        var card = new SavedCard
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Priority = cards.Count == 0 ? 0 : cards.Max(other => other.Priority) + 1,
            State = CardState.Active,
            CreatedAt = clock.GetUtcNow(),
        };
        unit.Db.Add(card);
        return card;
    }

    // New data of a known card (another date, another number) ends its bad name; the same data again does not.
    private void Describe(UnitOfWork unit, SavedCard card, PaymentMethod method)
    {
        var data = method.Card!;
        var isRenewed = card.PaymentMethodId != method.Id || card.ExpYear != data.ExpYear
            || card.ExpMonth != data.ExpMonth;
        if (isRenewed)
        {
            (card.State, card.LastDeclineCode, card.LastDeclinedAt) = (CardState.Active, null, null);
            EndExpiry(unit, card);
            card.ExpiryNoticeDays = null;
        }

        (card.PaymentMethodId, card.Fingerprint, card.IssuedAt) = (method.Id, data.Fingerprint, method.CreatedAt);
        (card.Brand, card.Last4) = (data.Brand, data.Last4);
        (card.ExpMonth, card.ExpYear, card.RemovedAt) = (data.ExpMonth, data.ExpYear, null);
        card.State = StateOf(card);
    }

    // What was announced of this card and date is over.
    private void EndExpiry(UnitOfWork unit, SavedCard card)
    {
        if (card.ExpiryNoticeDays is not null)
        {
            mailer.End(unit, card.TenantId, CardExpiry.MailKind, CardExpiry.Key(card, options.Value.ExpiryNoticeDays));
            mailer.End(unit, card.TenantId, CardExpiry.MailKind, CardExpiry.Key(card, options.Value.ExpiryReminderDays));
        }
    }

    private void Supersede(UnitOfWork unit, Guid tenantId, string paymentMethodId) => outbox.Enqueue(
        unit, CardSuperseded.MessageKind, tenantId, new CardSuperseded(tenantId, paymentMethodId),
        key: $"superseded:{paymentMethodId}",
        notBefore: clock.GetUtcNow().AddMinutes(options.Value.SupersededDetachMinutes));
}
