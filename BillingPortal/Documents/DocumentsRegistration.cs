using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Receipts;
using BillingPortal.Documents.Statements;
using BillingPortal.Outbox;
using Microsoft.Extensions.Options;

namespace BillingPortal.Documents;

/// <summary>Registers billing details, receipts and statements.</summary>
public static class DocumentsRegistration
{
    public static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SellerOptions>().Bind(configuration.GetSection(SellerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<SellerOptions>, SellerOptionsRules>();
        services.AddSingleton<IValidateOptions<SellerOptions>, SellerOptionsRules>();
        services.AddSingleton<BillingDetailsService>();
        services.AddSingleton<ReceiptService>();
        services.AddSingleton<ReceiptReader>();
        services.AddOutboxHandler<ReceiptHandler>();
        services.AddSingleton<StatementService>();
        services.AddSingleton<StatementFiles>();
        services.AddSingleton<StatementRuns>();
        services.AddSingleton<StatementsView.Reader>();
        return services;
    }

    public static IEndpointRouteBuilder MapDocuments(this IEndpointRouteBuilder routes) =>
        routes.MapReceiptEndpoints().MapStatementEndpoints();
}
