using BillingPortal;
using BillingPortal.Alerts;
using BillingPortal.Analytics;
using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.BalanceImport;
using BillingPortal.Cards;
using BillingPortal.Components;
using BillingPortal.Data;
using BillingPortal.Demo;
using BillingPortal.Documents;
using BillingPortal.Grants;
using BillingPortal.Invoices;
using BillingPortal.Jobs;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Monitoring;
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
using BillingPortal.Support;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using BillingPortal.Usage;
using BillingPortal.Voice;
using BillingPortal.Wallet;
using BillingPortal.Web;
using BillingPortal.Webhooks;
using Microsoft.Extensions.Options;

var isVerb = CommandLine.IsVerb(args);
try
{
    var builder = WebApplication.CreateBuilder(isVerb ? [] : args);
    if (isVerb)
    {
        // A verb's own words are its output; the log speaks up only when something is wrong.
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
    }

    SandboxDefaults.Apply(builder.Configuration, builder.Environment);
    await using var postgres = await EmbeddedPostgres.AttachAsync(builder.Configuration, builder.Environment);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.AddWeb();
    builder.AddMonitoring();
    builder.Services.AddData(postgres.Connections);
    builder.Services.AddOutbox(builder.Configuration);
    builder.Services.AddLedger(builder.Configuration);
    builder.Services.AddPayments(builder.Configuration);
    builder.Services.AddEmail(builder.Configuration);
    builder.Services.AddSms(builder.Configuration);
    builder.Services.AddTenants(builder.Configuration);
    builder.Services.AddAudit();
    builder.Services.AddPricing(builder.Configuration);
    builder.Services.AddSettlement();
    builder.Services.AddUsage(builder.Configuration);
    builder.Services.AddGrants(builder.Configuration);
    builder.Services.AddTenantWebhooks(builder.Configuration);
    builder.Services.AddPurchases(builder.Configuration);
    builder.Services.AddCards(builder.Configuration);
    builder.Services.AddAutoRecharge(builder.Configuration);
    // In this order: a top-up pays unpaid messages before suspended numbers.
    builder.Services.AddMessaging(builder.Configuration);
    builder.Services.AddPhoneNumbers(builder.Configuration);
    builder.Services.AddVoice(builder.Configuration);
    builder.Services.AddWallet(builder.Configuration);
    builder.Services.AddDocuments(builder.Configuration);
    builder.Services.AddInvoices();
    builder.Services.AddAlerts(builder.Configuration);
    builder.Services.AddBalanceImport();
    builder.Services.AddNotifications(builder.Configuration);
    builder.Services.AddAnalytics();
    builder.Services.AddSupport(builder.Configuration);
    builder.Services.AddWebhooks(builder.Configuration);
    builder.Services.AddJobs(postgres.Connections, Schedule.Jobs);
    builder.Services.AddComponents(builder.Configuration);
    builder.Services.AddDemo(builder.Configuration);

    if (SandboxDefaults.IsSandboxValue(builder.Configuration["Stripe:SecretKey"]))
    {
        builder.Services.AddSandboxClock(builder.Configuration);
    }

    await using var app = builder.Build();
    if (postgres.IsEmbedded)
    {
        await app.Services.GetRequiredService<Migrator>().MigrateAsync();
    }

    if (isVerb)
    {
        return await CommandLine.RunAsync(app, args);
    }

    // Before anything is done, and all at once: a service would name only the first setting it misses.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    await app.SeedDemoAsync();
    app.UseWeb();
    app.MapWeb();
    app.MapMonitoring();
    app.MapTenants();
    app.MapUsage();
    app.MapPurchases();
    app.MapCards();
    app.MapAutoRecharge();
    app.MapPhoneNumbers();
    app.MapMessaging();
    app.MapWallet();
    app.MapSettlement();
    app.MapNotifications();
    app.MapAnalytics();
    app.MapDocuments();
    app.MapInvoices();
    app.MapTenantWebhooks();
    app.MapSupport();
    app.MapWebhooks();
    app.MapComponents();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.Explain(failure) is { } reason)
{
    await Console.Error.WriteLineAsync($"BillingPortal: {reason}");
    return 1;
}

/// <summary>The entry point; public so that tests can host it.</summary>
public partial class Program;
