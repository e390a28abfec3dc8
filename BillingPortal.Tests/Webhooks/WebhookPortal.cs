using System.Net;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Webhooks;

/// <summary>
/// A portal on a sandbox's Stripe and clock, while its webhook secret is being rolled: two are valid.
/// </summary>
public sealed class WebhookPortal : PortalHost, IAsyncLifetime
{
    public SandboxFixture Sandbox { get; } = new();

    public InboxDrain Drain => Services.GetRequiredService<InboxDrain>();

    public WebhookInbox Inbox => Services.GetRequiredService<WebhookInbox>();

    public Database Database => Services.GetRequiredService<Database>();

    public DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Sandbox:Url", Sandbox.BaseUri.ToString()),
        new("Stripe:SecretKey", "sk_test_sandbox"),
        new("Stripe:PublishableKey", "pk_test_sandbox"),
        new("Stripe:WebhookSecret:0", StripeSigner.NewSecret),
        new("Stripe:WebhookSecret:1", StripeSigner.Secret),
        new("Stripe:ApiBase", Sandbox.StripeBase.ToString()),
        new("Stripe:JsUrl", new Uri(Sandbox.BaseUri, "stripe.js").ToString()),
        new("Stripe:MaxRetries", "0"),
        new("Resend:ApiKey", "re_sandbox"),
        new("Resend:From", "billing@portal.example"),
        new("Resend:WebhookSecret:0", SvixSigner.NewSecret),
        new("Resend:WebhookSecret:1", SvixSigner.Secret),
        new("Resend:ApiBase", Sandbox.ResendBase.ToString()),
    ];

    public new async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await base.InitializeAsync();
        // Known only now; providers sign the address they call.
        Services.GetRequiredService<IOptions<AppOptions>>().Value.PublicUrl = Address;
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>Calls the webhook address as anybody on the internet can.</summary>
    public Task<HttpStatusCode> PostAsync(string body, string? signature, string path = "/api/stripe/webhooks") =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), signature is null ? [] : [("Stripe-Signature", signature)]);

    /// <summary>The same with any bytes and headers.</summary>
    public async Task<HttpStatusCode> PostAsync(
        string path, byte[] body, IEnumerable<(string Name, string Value)> headers)
    {
        using var client = Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    public async Task<List<WebhookEvent>> RowsAsync(string eventId)
    {
        await using var unit = await Database.BeginOpsAsync();
        return await unit.Db.Set<WebhookEvent>().AsNoTracking().Where(row => row.EventId == eventId).ToListAsync();
    }

    /// <summary>The rows about an object, once they fit.</summary>
    public async Task<List<WebhookEvent>> UntilAsync(string objectId, Func<List<WebhookEvent>, bool> fits)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            await using (var unit = await Database.BeginOpsAsync())
            {
                var rows = await unit.Db.Set<WebhookEvent>().AsNoTracking()
                    .Where(row => row.ObjectId == objectId).OrderBy(row => row.ReceivedAt).ToListAsync();
                if (fits(rows))
                {
                    return rows;
                }

                Assert.True(
                    TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60),
                    string.Join(", ", rows.Select(row => $"{row.Type} {row.State} {row.LastError}")));
            }

            await Task.Delay(20);
        }
    }

    /// <summary>A purchase of 250 credits that waits for the browser.</summary>
    public async Task<(Tenant Tenant, string IntentId)> BeginPurchaseAsync()
    {
        var tenant = await TenantAsync();
        var started = await Services.GetRequiredService<PurchaseService>().StartAsync(
            tenant.Id, new StartPurchase { PackageId = "credits-250" }, Ids.New().ToString());
        return (tenant, started.Purchase!.PaymentIntentId!);
    }

    /// <summary>The browser's part.</summary>
    public Task PayAsync(string intentId, string card = "pm_card_visa") => Sandbox.Stripe.PostAsync(
        $"payment_intents/{intentId}/confirm", ("payment_method", card), ("return_url", "http://127.0.0.1/buy"));

    public async Task<decimal> BalanceAsync(Tenant tenant) =>
        (await Services.GetRequiredService<BalanceReader>().ReadAsync(tenant.Id, Unit.Credits)).Posted.ToDecimal();
}
