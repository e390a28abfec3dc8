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
using BillingPortal.Messaging;
using BillingPortal.Notifications;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using BillingPortal.Providers.Payments;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Providers.Sms;
using BillingPortal.Purchases;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using BillingPortal.Usage;
using BillingPortal.Voice;
using BillingPortal.Wallet;
using BillingPortal.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Faults.Scene;

/// <summary>
/// The portal's rooms inside the driver, without pages, jobs or listeners: what the page of phone numbers and the setting up call. No
/// hosted service runs here.
/// </summary>
internal static class Rooms
{
    public static async Task<WebApplication> OpenAsync(string database, Uri sandbox, Uri portal)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:BillingPortal"] = database,
            ["Sandbox:Url"] = sandbox.ToString().TrimEnd('/'),
            ["App:PublicUrl"] = portal.ToString().TrimEnd('/'),
        });
        SandboxDefaults.Apply(builder.Configuration, builder.Environment);
        builder.Logging.ClearProviders();
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = services.ValidateScopes = false); // no pages here
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddData(ConnectionStrings.FromOwner(database));
        Add(builder.Services, builder.Configuration);
        builder.Services.AddSandboxClock(builder.Configuration);
        var rooms = builder.Build();

        // Of the hosted services only the clock's follower is wanted: the portals do the work.
        var follower = ActivatorUtilities.CreateInstance<SandboxClockFollower>(rooms.Services);
        await follower.StartingAsync(CancellationToken.None);
        await follower.StartAsync(CancellationToken.None);
        return rooms;
    }

    private static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOutbox(configuration).AddLedger(configuration);
        services.AddPayments(configuration);
        services.AddEmail(configuration);
        services.AddSms(configuration);
        services.AddTenants(configuration);
        services.AddAudit();
        services.AddPricing(configuration);
        services.AddSettlement();
        services.AddUsage(configuration);
        services.AddGrants(configuration);
        services.AddTenantWebhooks(configuration);
        services.AddPurchases(configuration);
        services.AddCards(configuration);
        services.AddAutoRecharge(configuration);
        services.AddMessaging(configuration);
        services.AddPhoneNumbers(configuration);
        services.AddVoice(configuration);
        services.AddWallet(configuration);
        services.AddDocuments(configuration);
        services.AddInvoices();
        services.AddAlerts(configuration);
        services.AddNotifications(configuration);
        services.AddWebhooks(configuration);
    }
}
