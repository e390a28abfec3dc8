using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Documents;
using BillingPortal.Grants;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Providers.Email;
using BillingPortal.Providers.Payments;
using BillingPortal.Providers.Sms;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>
/// The services of one portal process, without its background loops: a test runs each step when it wants to. Two of
/// them on one database are two instances; a new one after an old one was left in the middle is the restart after a
/// crash.
/// </summary>
internal sealed class RechargeNode : IAsyncDisposable
{
    private readonly IHost _host;

    public RechargeNode(RechargeWorld world, params (string Name, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = Environments.Development,
        });
        var (services, configuration) = (builder.Services, builder.Configuration);
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stripe:SecretKey"] = "sk_test_sandbox",
            ["Stripe:PublishableKey"] = "pk_test_sandbox",
            ["Stripe:WebhookSecret"] = "whsec_sandbox_stripe",
            ["Stripe:JsUrl"] = new Uri(world.Sandbox.BaseUri, "stripe.js").ToString(),
            ["Stripe:ApiBase"] = world.Sandbox.StripeBase.ToString(),
            ["Stripe:TimeoutSeconds"] = "2",
            ["Stripe:MaxRetries"] = "0",
            ["Resend:ApiKey"] = "re_sandbox",
            ["Resend:WebhookSecret"] = "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=",
            ["Resend:From"] = "billing@portal.example",
            ["Resend:ApiBase"] = world.Sandbox.ResendBase.ToString(),
            ["Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Twilio:AuthToken"] = "sandbox_twilio_token",
            ["Twilio:ApiBase"] = world.Sandbox.TwilioBase.ToString(),
            ["App:PublicUrl"] = "http://127.0.0.1:5080",
        });
        configuration.AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
        services.AddSingleton<TimeProvider>(world.Clock);
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section);
        services.AddData(world.Connections);
        services.AddOutbox(configuration);
        services.AddLedger(configuration);
        services.AddPayments(configuration);
        services.AddEmail(configuration);
        services.AddTenants(configuration);
        services.AddPricing(configuration);
        services.AddGrants(configuration);
        services.AddTenantEvents();
        services.AddPurchases(configuration);
        services.AddCards(configuration);
        services.AddAutoRecharge(configuration);
        services.AddAudit();
        services.AddDocuments(configuration);
        services.AddInvoices();
        services.AddAlerts(configuration);
        services.AddSms(configuration);
        services.AddPhoneNumbers(configuration);
        _host = builder.Build();
    }

    public AutoRechargeService Recharges => Get<AutoRechargeService>();

    public RechargeSettings Settings => Get<RechargeSettings>();

    public RechargeReader Reader => Get<RechargeReader>();

    public RechargeConfirmation Confirmation => Get<RechargeConfirmation>();

    public PurchaseService Purchases => Get<PurchaseService>();

    public CardService Cards => Get<CardService>();

    public LedgerWriter Ledger => Get<LedgerWriter>();

    public Database Database => Get<Database>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>What the drain does when a crossing rings.</summary>
    public Task<int> DrainAsync() => Get<RechargeDrain>().DrainAsync();

    /// <summary>What every process does every few seconds.</summary>
    public Task<int> ResumeAsync() => Get<RechargeResumer>().ResumeAsync();

    /// <summary>Delivers every outbox message that is due.</summary>
    public Task<int> DeliverAsync() => Get<OutboxDispatcher>().DrainAsync();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
