using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Alerts;

/// <summary>A portal whose mail goes to a sandbox's mailbox.</summary>
public class MailPortal : PortalHost, IAsyncLifetime
{
    public SandboxFixture Sandbox { get; } = new();

    public Database Database => Services.GetRequiredService<Database>();

    protected virtual Uri Resend => Sandbox.ResendBase;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Sandbox:Url", Sandbox.BaseUri.ToString()),
        new("Resend:ApiBase", Resend.ToString()),
        new("Resend:MaxRetries", "0"),
        new("App:PublicUrl", "https://portal.example"),
    ];

    public new virtual async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await base.InitializeAsync();
    }

    public new virtual async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A receipt for 250 credits, asked for in a transaction of the tenant.</summary>
    public async Task EnqueueReceiptAsync(Guid tenantId, string key, bool commit = true, string? card = null)
    {
        await using var unit = await Database.BeginAsync(tenantId);
        Services.GetRequiredService<Mailer>().Enqueue<ReceiptMail>(
            unit, tenantId, "receipt", "Receipt: 250 credits for $6.50", new Dictionary<string, object?>
            {
                [nameof(ReceiptMail.Bought)] = "250 credits",
                [nameof(ReceiptMail.Bonus)] = "20 credits",
                [nameof(ReceiptMail.Price)] = "$6.50",
                [nameof(ReceiptMail.Balance)] = "287.5 credits",
                [nameof(ReceiptMail.Card)] = card,
                [nameof(ReceiptMail.PaidAt)] = new DateTimeOffset(2026, 11, 20, 14, 5, 0, TimeSpan.FromHours(2)),
                [nameof(ReceiptMail.Number)] = "R-1",
                [nameof(ReceiptMail.Link)] = "https://portal.example/transactions?a=1&b=2",
            },
            key);
        if (commit)
        {
            await unit.CommitAsync();
        }
    }

    /// <summary>The tenant's emails by address, once as many as expected are in that state.</summary>
    public async Task<List<SentEmail>> UntilAsync(Tenant tenant, EmailState state, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var unit = await Database.BeginAsync(tenant.Id);
            var emails = await unit.Db.Set<SentEmail>().AsNoTracking().OrderBy(email => email.ToAddress).ToListAsync();
            if (emails.Count(email => email.State == state) >= count)
            {
                return emails;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
