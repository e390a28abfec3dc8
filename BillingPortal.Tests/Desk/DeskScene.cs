using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Support;
using BillingPortal.Tenants;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>A portal with its sandbox, and what tests of the desk say about staff, requests and books.</summary>
public sealed class DeskScene : IAsyncLifetime
{
    public PaidPortal Portal { get; } = new();

    public RefundService Refunds => Portal.Services.GetRequiredService<RefundService>();

    public RefundRunner Runner => Portal.Services.GetRequiredService<RefundRunner>();

    public AdjustmentService Adjustments => Portal.Services.GetRequiredService<AdjustmentService>();

    public ApprovalService Approvals => Portal.Services.GetRequiredService<ApprovalService>();

    public ValueTask InitializeAsync() => Portal.InitializeAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public Task<Guid> AgentAsync() => StaffAsync(StaffRole.Agent, "Sam Porter");

    public Task<Guid> LeadAsync() => StaffAsync(StaffRole.Lead, "Lena Hoff");

    /// <summary>1,000 credits for $22.00, and the bonus of 20 where it is asked for.</summary>
    public async Task<(Buyer Buyer, Purchase Purchase)> BoughtAsync(bool bonus = false, string card = "pm_card_visa")
    {
        var buyer = await Portal.BuyerAsync();
        var request = new StartPurchase { PackageId = "credits-1000", EnableAutoRecharge = bonus };
        var start = await buyer.PayAsync(card, request);
        return (buyer, await Portal.PurchaseAsync(start.Purchase!.Id));
    }

    public static RefundRequest Half(Purchase purchase, string? key = null) => Part(purchase, purchase.PriceCents / 2, key);

    public static RefundRequest Part(Purchase purchase, int cents, string? key = null) => new(
        purchase.TenantId, purchase.Id, cents, StaffReason.ServiceProblem, "Sorry, your calls broke off.",
        "Ticket 4711", key ?? Ids.New().ToString());

    public static AdjustmentRequest Give(Guid tenantId, Amount change, string? key = null, DateTimeOffset? expiresAt = null) => new(
        tenantId, change, expiresAt, StaffReason.BillingError, "We had billed a call twice.", null, key ?? Ids.New().ToString());

    public async Task SpendAsync(Guid tenantId, decimal credits)
    {
        var posted = await Portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenantId,
            Operation = LedgerOperation.Debit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.VoiceRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.Equal(PostOutcome.Posted, posted.Outcome);
    }

    /// <summary>Balance, available and debt.</summary>
    public async Task<(decimal Posted, decimal Debt)> BooksAsync(Guid tenantId, Unit unit = Unit.Credits)
    {
        var balance = await new BalanceReader(Portal.Database).ReadAsync(tenantId, unit);
        return (balance.Posted.ToDecimal(), balance.Debt.ToDecimal());
    }

    public async Task<StaffAction> ActionAsync(Guid id)
    {
        await using var unit = await Portal.Database.BeginOpsAsync();
        return await unit.Db.Set<StaffAction>().AsNoTracking().SingleAsync(action => action.Id == id);
    }

    public async Task<List<Entry>> EntriesAsync(Guid tenantId, EntryKind kind)
    {
        await using var unit = await Portal.Database.BeginOpsAsync();
        return await unit.Db.Set<Entry>().AsNoTracking().Where(entry => entry.TenantId == tenantId && entry.Kind == kind)
            .OrderBy(entry => entry.Seq).ToListAsync();
    }

    /// <summary>How often and how much Stripe gave back of a payment.</summary>
    public async Task<(int Count, long Cents)> RefundsAtStripeAsync(Purchase purchase)
    {
        var listed = await Portal.Sandbox.Stripe.GetAsync($"refunds?payment_intent={purchase.PaymentIntentId}");
        var refunds = listed.Json["data"]!.AsArray();
        return (refunds.Count, refunds.Sum(refund => (long)refund!["amount"]!));
    }

    /// <summary>As if the process had died: its lease has run out; and as if that were long ago.</summary>
    public async Task AbandonAsync(Guid id, TimeSpan? ago = null)
    {
        await using var unit = await Portal.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "UPDATE staff_actions SET leased_until = now() - interval '1 second', started_at = started_at - $2 WHERE id = $1",
            id, ago ?? TimeSpan.Zero);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var unit = await Portal.Database.BeginOpsAsync();
        await using var command = unit.Command(sql, values);
        await command.ExecuteNonQueryAsync();
        await unit.CommitAsync();
    }

    /// <summary>What has arrived at an address, once so many have.</summary>
    public async Task<IReadOnlyList<SandboxEmail>> MailsAsync(string address, int count)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(50))
        {
            var mails = await Portal.Sandbox.MailboxAsync(address);
            if (mails.Count >= count)
            {
                return mails;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{mails.Count} mails arrived.");
        }
    }

    /// <summary>What every refund must leave behind: proven books.</summary>
    public async Task AssertBooksAsync() => Assert.Empty(
        (await Portal.Services.GetRequiredService<LedgerAudit>().RunAsync(full: true, TestContext.Current.CancellationToken)).Violations);

    private Task<Guid> StaffAsync(StaffRole role, string name) => Portal.TenantService.AddStaffAsync(
        new NewPerson($"{Ids.New():N}@portal.example", name, PortalHost.Password), role);
}
