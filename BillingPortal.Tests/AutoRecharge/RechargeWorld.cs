using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>A database, a sandbox and a clock that tests move; tenants are made through a first node.</summary>
public sealed class RechargeWorld : IAsyncLifetime
{
    private RechargeNode? _first;

    public SandboxFixture Sandbox { get; } = new();

    public ManualClock Clock { get; private set; } = null!;

    public ConnectionStrings Connections { get; private set; } = null!;

    internal RechargeNode First => _first!;

    public async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        Clock = new ManualClock(TimeProvider.System.GetUtcNow());
        Connections = await TestPostgres.CreateDatabaseAsync();
        _first = new RechargeNode(this);
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>
    /// A tenant with so much on its account and these test cards saved, the first as default; with a rule of 250 below
    /// 100 (wallet: 20 dollars below 10) unless told otherwise; without a door without any rule.
    /// </summary>
    internal async Task<Payer> PayerAsync(
        decimal balance = 150, string[]? cards = null, RechargeChange? rule = null, Unit plan = Unit.Credits,
        RechargeDoor? door = RechargeDoor.Portal)
    {
        var slug = $"t{Ids.New():N}";
        var tenant = await First.Get<TenantService>().CreateAsync(new NewTenant(slug, "Acme", plan));
        await First.Get<TenantService>().AddMemberAsync(
            tenant.Id, new NewPerson($"{slug}@acme.example", "Owner", PortalHost.Password), MemberRole.Owner);
        var payer = new Payer(this, tenant, slug, await First.Cards.EnsureCustomerAsync(tenant.Id));
        foreach (var card in cards ?? ["pm_card_visa"])
        {
            await payer.SaveCardAsync(card);
        }

        await payer.CreditAsync(balance);
        if (door is not { } entered)
        {
            return payer;
        }

        var change = rule ?? new RechargeChange
        {
            Enabled = true,
            Threshold = plan is Unit.Credits ? 100 : 10,
            Amount = plan is Unit.Credits ? 250 : 20,
        };
        var saved = await First.Settings.SaveAsync(tenant.Id, change, entered);
        Assert.Null(saved.Problem);
        return payer;
    }
}

/// <summary>A tenant whose account recharges, and the sentences a test wants to say about it.</summary>
internal sealed class Payer(RechargeWorld world, Tenant tenant, string slug, string customerId)
{
    public Guid Id => tenant.Id;

    public string CustomerId => customerId;

    public async Task<string> SaveCardAsync(string card = "pm_card_visa")
    {
        // Cards that demand their holder at every payment are attached as they are; others are set up properly.
        var id = card.StartsWith("attach:", StringComparison.Ordinal)
            ? await world.Sandbox.Stripe.AttachedCardAsync(customerId, card["attach:".Length..])
            : await world.Sandbox.Stripe.SavedCardAsync(customerId, card);
        var saved = await world.First.Cards.SaveAsync(id, Id);
        Assert.Equal(SaveOutcome.Saved, saved.Outcome);
        return saved.Card!.PaymentMethodId;
    }

    public Task<PostResult> CreditAsync(decimal amount) => PostAsync(LedgerOperation.Credit, amount);

    /// <summary>Uses so much; the ledger notices a crossing by itself.</summary>
    public Task<PostResult> UseAsync(decimal amount, DateTimeOffset? at = null) =>
        PostAsync(LedgerOperation.Debit, amount, at);

    /// <summary>Stripe gave money back, or the bank took it: no crossing.</summary>
    public Task<PostResult> TakeBackAsync(decimal amount) => PostAsync(LedgerOperation.ClawBack, amount);

    public Task<RechargeRun> RunAsync(RechargeTrigger trigger = RechargeTrigger.Crossing, RechargeNode? node = null) =>
        (node ?? world.First).Recharges.RunAsync(Id, trigger);

    public async Task<RechargeRule> RuleAsync() => (await world.First.Reader.RuleAsync(Id))!;

    public async Task<RechargeAttempt> LastAttemptAsync() => (await world.First.Reader.ReadAsync(Id)).Attempts[0];

    public async Task<IReadOnlyList<RechargeAttempt>> AttemptsAsync() =>
        (await world.First.Reader.ReadAsync(Id)).Attempts;

    public async Task<IReadOnlyList<RechargeEvaluation>> EvaluationsAsync() =>
        (await world.First.Reader.ReadAsync(Id)).Evaluations;

    public async Task<decimal> BalanceAsync() =>
        (await world.First.Get<BalanceReader>().ReadAsync(Id, tenant.Plan)).Posted.ToDecimal();

    public Task<SandboxPayments> ChargesAsync() => world.Sandbox.PaymentsAsync(customerId);

    public async Task<Purchase> PurchaseAsync(Guid id)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        return await unit.Db.Set<Purchase>().AsNoTracking().SingleAsync(purchase => purchase.Id == id);
    }

    /// <summary>Subjects of the mails to this tenant's owner, oldest first, once everything due is delivered.</summary>
    public async Task<string[]> MailsAsync()
    {
        await world.First.DeliverAsync();
        return [.. (await world.Sandbox.MailboxAsync(slug)).Reverse().Select(mail => mail.Subject)];
    }

    public async Task<SandboxEmail> LastMailAsync()
    {
        await world.First.DeliverAsync();
        return (await world.Sandbox.MailboxAsync(slug))[0];
    }

    /// <summary>
    /// Sets columns of the last attempt, as if time had passed on the machine or a step had not happened.
    /// </summary>
    public async Task RewindAsync(string sets)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await using var command = unit.Command(
            $"""
            UPDATE recharge_attempts SET {sets}
            WHERE id = (SELECT max(id::text)::uuid FROM recharge_attempts WHERE tenant_id = $1)
            """, Id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }

    /// <summary>Nobody works on the last attempt any more: its lease is over.</summary>
    public Task AbandonAsync() => RewindAsync("leased_until = clock_timestamp() - interval '1 second'");

    public async Task AssertPaidOnceAsync(long cents, decimal balance)
    {
        var charges = await ChargesAsync();
        Assert.Equal((1, cents), (charges.SucceededCharges, charges.SucceededAmount));
        Assert.Equal(balance, await BalanceAsync());
    }

    private async Task<PostResult> PostAsync(LedgerOperation operation, decimal amount, DateTimeOffset? at = null)
    {
        var result = await world.First.Ledger.PostAsync(new Posting
        {
            TenantId = Id,
            Operation = operation,
            Amount = Amount.Of(amount, tenant.Plan),
            Kind = operation switch
            {
                LedgerOperation.Credit => EntryKind.Purchase,
                LedgerOperation.ClawBack => EntryKind.Refund,
                _ => EntryKind.Usage,
            },
            Counter = operation is LedgerOperation.Debit ? CounterAccount.VoiceRevenue : CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            Service = operation is LedgerOperation.Debit ? "voice" : null,
            OccurredAt = at ?? world.Clock.GetUtcNow(),
        });
        Assert.Equal(PostOutcome.Posted, result.Outcome);
        return result;
    }
}
