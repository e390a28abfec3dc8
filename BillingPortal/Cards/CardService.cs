using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Cards;

/// <summary>
/// A tenant's saved cards, for the person who keeps them: add, list, default, order, removal. Stripe is changed first
/// and our rows after it, so that whatever a crash leaves undone comes back as a webhook. Never sees a card number.
/// </summary>
public sealed class CardService(
    Database database, StripeClient stripe, CardRows rows, TenantReader tenants, BalanceFeed feed, TimeProvider clock)
{
    /// <summary>
    /// The tenant's customer at Stripe, made on first use. The call's key and words are committed before the call: any
    /// number of callers and any crash make one customer.
    /// </summary>
    public async Task<string> EnsureCustomerAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var customer = await RecordCustomerAsync(tenantId, cancellationToken);
        if (customer.CustomerId is not null)
        {
            return customer.CustomerId;
        }

        var created = await stripe.CreateCustomerAsync(
            new CreateCustomer(
                customer.Email, customer.Name, new Dictionary<string, string> { ["tenant_id"] = tenantId.ToString() }),
            customer.IdempotencyKey.ToString(), cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        // Whoever stores first wins; after 24 h Stripe may have forgotten the key and made another one.
        await using var remember = unit.Command(
            """
            UPDATE stripe_customers SET customer_id = coalesce(customer_id, $2) WHERE tenant_id =
                $1 RETURNING customer_id
            """,
            tenantId, created.Id);
        var id = (string)(await remember.ExecuteScalarAsync(cancellationToken))!;
        await unit.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>A customer made at Stripe before the tenant came here. The caller commits.</summary>
    public static void AdoptCustomer(UnitOfWork unit, Tenant tenant, string customerId, DateTimeOffset now) =>
        unit.Db.Add(new StripeCustomer
        {
            TenantId = tenant.Id,
            CustomerId = customerId,
            IdempotencyKey = Ids.New(),
            Name = tenant.Name,
            Email = tenant.BillingEmail,
            CreatedAt = now,
        });

    /// <summary>Brings every card that the tenant's customer has at Stripe into the list, the default one first.</summary>
    public async Task FetchAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var customerId = await EnsureCustomerAsync(tenantId, cancellationToken);
        var customer = await stripe.GetCustomerAsync(customerId, cancellationToken);
        var methods = await stripe.ListPaymentMethodsAsync(customerId, cancellationToken);
        foreach (var method in methods.Where(method => method.Card is not null)
            .OrderByDescending(method => method.Id == customer.DefaultPaymentMethodId))
        {
            await SaveAsync(method.Id, tenantId, cancellationToken);
        }
    }

    /// <summary>
    /// The one way into the list, whoever reports first and however often: reads the card at Stripe and stores it for
    /// the tenant whose customer owns it. Also brings a known card up to date.
    /// </summary>
    public async Task<SaveResult> SaveAsync(
        string paymentMethodId, Guid? tenantId = null, CancellationToken cancellationToken = default)
    {
        var method = await stripe.GetPaymentMethodAsync(paymentMethodId, cancellationToken);
        if (method.CustomerId is null || method.Card is null)
        {
            return new SaveResult(SaveOutcome.NotOurs);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var owner = await unit.Db.Set<StripeCustomer>().AsNoTracking()
            .SingleOrDefaultAsync(customer => customer.CustomerId == method.CustomerId, cancellationToken);
        if (owner is null || (tenantId is not null && owner.TenantId != tenantId))
        {
            return new SaveResult(SaveOutcome.NotOurs);
        }

        var card = await rows.StoreAsync(unit, owner.TenantId, method, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new SaveResult(SaveOutcome.Saved, card);
    }

    /// <summary>In the order in which auto-recharge falls back.</summary>
    public async Task<IReadOnlyList<SavedCard>> ListAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await CardRows.KeptAsync(unit, tenantId, cancellationToken);
    }

    /// <summary>False when the tenant has no such card.</summary>
    public async Task<bool> SetDefaultAsync(
        Guid tenantId, string paymentMethodId, CancellationToken cancellationToken = default)
    {
        if (!await OwnsAsync(tenantId, paymentMethodId, cancellationToken))
        {
            return false;
        }

        await stripe.SetDefaultPaymentMethodAsync(
            await EnsureCustomerAsync(tenantId, cancellationToken), paymentMethodId, Ids.New().ToString(),
            cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var done = await rows.MakeDefaultAsync(unit, tenantId, paymentMethodId, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return done;
    }

    /// <summary>
    /// Puts the cards into this order; cards that are not named keep theirs, behind. Unknown ids are ignored.
    /// </summary>
    public async Task ReorderAsync(
        Guid tenantId, IReadOnlyList<Guid> cardIds, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await CardRows.LockAsync(unit, tenantId, cancellationToken);
        var cards = await CardRows.KeptAsync(unit, tenantId, cancellationToken);
        var places = cardIds.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => pair.place);
        var ordered = cards.OrderBy(card => places.GetValueOrDefault(card.Id, int.MaxValue)).ToList();
        for (var place = 0; place < ordered.Count; place++)
        {
            ordered[place].Priority = place;
        }

        rows.RecordOrder(unit, tenantId, cards, ordered);

        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Detaches the card at Stripe, then takes it out of the list. False when the tenant has no such card.
    /// </summary>
    public async Task<bool> RemoveAsync(
        Guid tenantId, string paymentMethodId, CancellationToken cancellationToken = default)
    {
        if (!await OwnsAsync(tenantId, paymentMethodId, cancellationToken))
        {
            return false;
        }

        await DetachAsync(paymentMethodId, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await rows.RemoveAsync(unit, tenantId, paymentMethodId, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Notes a refusal on the card; one that no retry mends marks it. The caller commits. Unknown cards are ignored.
    /// </summary>
    public async Task MarkNeedsAttentionAsync(
        UnitOfWork unit, string paymentMethodId, Decline decline, CancellationToken cancellationToken = default)
    {
        if (await CardRows.FindAsync(unit, paymentMethodId, cancellationToken) is not { RemovedAt: null } card)
        {
            return;
        }

        (card.LastDeclineCode, card.LastDeclinedAt) = (DeclineText.CodeOf(decline), clock.GetUtcNow());
        if (decline.Class is DeclineClass.NewCardNeeded)
        {
            card.State = CardState.NeedsAttention;
        }

        card.State = rows.StateOf(card);
        feed.Ring(unit, card.TenantId);
    }

    /// <summary>
    /// A payment with the card went through: whatever was held against it is forgotten. The caller commits.
    /// </summary>
    public async Task MarkWorkingAsync(
        UnitOfWork unit, string paymentMethodId, CancellationToken cancellationToken = default)
    {
        if (await CardRows.FindAsync(unit, paymentMethodId, cancellationToken) is { RemovedAt: null } card)
        {
            (card.LastDeclineCode, card.LastDeclinedAt, card.State) = (null, null, CardState.Active);
            card.State = rows.StateOf(card);
        }
    }

    /// <summary>Safe to repeat: a payment method that is gone or on nobody's customer counts as detached.</summary>
    internal async Task DetachAsync(string paymentMethodId, CancellationToken cancellationToken)
    {
        try
        {
            var method = await stripe.GetPaymentMethodAsync(paymentMethodId, cancellationToken);
            if (method.CustomerId is not null)
            {
                await stripe.DetachPaymentMethodAsync(paymentMethodId, Ids.New().ToString(), cancellationToken);
            }
        }
        catch (ProviderException gone) when (gone.Code == "resource_missing")
        {
        }
    }

    private async Task<bool> OwnsAsync(Guid tenantId, string paymentMethodId, CancellationToken cancellationToken) =>
        (await ListAsync(tenantId, cancellationToken)).Any(card => card.PaymentMethodId == paymentMethodId);

    private async Task<StripeCustomer> RecordCustomerAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var tenant = await tenants.FindAsync(tenantId, cancellationToken)
            ?? throw new InvalidOperationException($"There is no tenant {tenantId}.");
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var record = unit.Command(
            """
            INSERT INTO stripe_customers (tenant_id, idempotency_key, name, email, created_at) VALUES (
                $1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id) DO NOTHING
            """,
            tenantId, Ids.New(), tenant.Name, tenant.BillingEmail, clock.GetUtcNow());
        await record.ExecuteNonQueryAsync(cancellationToken);
        var customer = await unit.Db.Set<StripeCustomer>().AsNoTracking()
            .SingleAsync(row => row.TenantId == tenantId, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return customer;
    }
}
