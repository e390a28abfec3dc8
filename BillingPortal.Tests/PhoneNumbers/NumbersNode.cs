using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Providers.Email;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>
/// The services of one portal process without its background loops; two of them on one database are two instances.
/// </summary>
internal sealed class NumbersNode : IAsyncDisposable
{
    private readonly IHost _host;

    public NumbersNode(ConnectionStrings connections, TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = Environments.Development,
        });
        var (services, configuration) = (builder.Services, builder.Configuration);
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Resend:ApiKey"] = "re_sandbox",
            ["Resend:WebhookSecret"] = "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=",
            ["Resend:From"] = "billing@portal.example",
            ["Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Twilio:AuthToken"] = "sandbox_twilio_token",
            ["Twilio:ApiBase"] = "http://127.0.0.1:9",
            ["Twilio:TimeoutSeconds"] = "2",
            ["Twilio:MaxRetries"] = "0",
            ["App:PublicUrl"] = "http://127.0.0.1:5080",
        });
        configuration.AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
        services.AddSingleton(clock);
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section);
        services.AddData(connections);
        services.AddOutbox(configuration);
        services.AddLedger(configuration);
        services.AddEmail(configuration);
        services.AddSms(configuration);
        services.AddTenants(configuration);
        services.AddPricing(configuration);
        services.AddAlerts(configuration);
        services.AddTenantEvents();
        services.AddPhoneNumbers(configuration);
        _host = builder.Build();
    }

    public RentService Rents => Get<RentService>();

    public PhoneNumberService Numbers => Get<PhoneNumberService>();

    public Database Database => Get<Database>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Delivers every outbox message that is due.</summary>
    public Task<int> DeliverAsync() => Get<OutboxDispatcher>().DrainAsync();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
