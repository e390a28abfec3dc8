using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using BillingPortal.Audit;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.TenantWebhooks;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Web.Description;

/// <summary>A portal with its sandbox and the demo data, and everything of Acme's that the documentation names by a variable.</summary>
public sealed class GuidePortal : PortalHost, IAsyncLifetime
{
    private const string AcmeKey = "bp_sandbox_acme_full_access";
    private readonly SandboxFixture _sandbox = new();
    private Tenant _acme = null!;
    private string? _card;
    private Guid? _invoice;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Sandbox:Url", _sandbox.BaseUri.ToString()), new("Demo:Seed", "true"), new("Http:UnknownRequestsPerMinute", "1000000")];

    public new async ValueTask InitializeAsync()
    {
        await _sandbox.StartAsync();
        await base.InitializeAsync();
        _acme = (await Services.GetRequiredService<TenantReader>().FindBySlugAsync("acme"))!;
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    internal async Task<JsonElement> DocumentAsync() =>
        JsonDocument.Parse(await Browser().GetStringAsync("/openapi/v1.json")).RootElement;

    /// <summary>A card that was removed is followed by a new one.</summary>
    internal async Task<HttpResponseMessage> SendAsync(CurlCall call)
    {
        _card = call.Method == "DELETE" ? null : _card;
        return await call.SendAsync(Browser());
    }

    /// <summary>What this call names, made where it does not exist yet.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> VariablesAsync(string curl)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in CurlCall.VariablesOf(curl).Distinct())
        {
            values[name] = name switch
            {
                "PORTAL" => Address.ToString().TrimEnd('/'),
                "API_KEY" => AcmeKey,
                "CRON_SECRET" => SandboxDefaults.CronSecret,
                "BILLING_CRON_TOKEN" => SandboxDefaults.BillingCronToken,
                "CARD_ID" => _card ??= await CardAsync(),
                "HOLD_ID" => await HoldAsync(),
                "INVOICE_ID" => $"{_invoice ??= await InvoiceAsync()}",
                "PURCHASE_ID" => $"{await PurchaseAsync()}",
                "WEBHOOK_ENDPOINT_ID" => $"{await EndpointAsync()}",
                "MONTH" => TimeProvider.System.GetUtcNow().AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture),
                _ => throw new KeyNotFoundException($"The documentation uses ${name}, which nobody fills in."),
            };
        }

        return values;
    }

    private async Task<string> CardAsync()
    {
        var cards = Services.GetRequiredService<CardService>();
        var card = await _sandbox.Stripe.SavedCardAsync(await cards.EnsureCustomerAsync(_acme.Id));
        return (await cards.SaveAsync(card, _acme.Id)).Card!.PaymentMethodId;
    }

    private async Task<string> HoldAsync()
    {
        using var program = Bearer(AcmeKey);
        using var answer = await program.PostAsJsonAsync(
            "/api/usage/holds", new { service = "voice", quantity = 1, reference_id = Ids.New().ToString() });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("holdId").GetString()!;
    }

    private async Task<Guid> InvoiceAsync()
    {
        Assert.Null(await Services.GetRequiredService<InvoiceTermsService>().SaveAsync(
            _acme.Id, new TermsWish(IsApproved: true, DueDays: 14, LimitCents: 100_000, InvoiceCredit.OnPayment), Actor.System("test")));
        var sold = await Services.GetRequiredService<InvoiceService>().SellAsync(
            _acme.Id, new StartPurchase { PackageId = "credits-250" }, Ids.New().ToString(), userId: null);
        return sold.InvoiceId!.Value;
    }

    private Task<Guid> EndpointAsync() =>
        StoredEndpoint.AddAsync(Services.GetRequiredService<Database>(), _acme.Id, "https://example.com/hooks", "balance.low");

    private async Task<Guid> PurchaseAsync() => (await Services.GetRequiredService<PurchaseReader>().ListAsync(_acme.Id, 50))
        .First(purchase => purchase.State is PurchaseState.Settled).Id;
}
