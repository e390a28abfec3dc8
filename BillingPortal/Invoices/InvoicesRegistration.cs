using BillingPortal.Components.Layout;
using BillingPortal.Purchases;

namespace BillingPortal.Invoices;

/// <summary>Registers buying on invoice.</summary>
public static class InvoicesRegistration
{
    public static IServiceCollection AddInvoices(this IServiceCollection services)
    {
        services.AddSingleton<InvoiceMails>();
        services.AddSingleton<InvoiceIssuer>();
        services.AddSingleton<InvoicePayments>();
        services.AddSingleton<IInvoicePayments>(provider => provider.GetRequiredService<InvoicePayments>());
        services.AddSingleton<InvoiceService>();
        services.AddSingleton<IInvoiceSales>(provider => provider.GetRequiredService<InvoiceService>());
        services.AddSingleton<InvoiceTermsService>();
        services.AddSingleton<InvoiceReader>();
        services.AddSingleton<InvoiceReminders>();
        services.AddSingleton<INavigationRule, InvoicesNavigation>();
        return services;
    }
}
