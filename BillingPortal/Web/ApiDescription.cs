using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>What <c>/openapi/v1.json</c> says of the whole interface; <see cref="ApiOperations"/> says the rest, call by call.</summary>
internal static class ApiDescription
{
    public const string DocumentName = "v1";

    private const string KeyScheme = "apiKey";
    private const string TokenScheme = "jwt";
    private const string SessionScheme = "session";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath is { } path && path.StartsWith("api/", StringComparison.Ordinal)
            && !path.StartsWith("api/staff/", StringComparison.Ordinal); // pages of the platform's own people, no interface
        options.CreateSchemaReferenceId = ApiSchemas.NameOf;
        options.AddSchemaTransformer((schema, context, _) => ApiSchemas.Correct(schema, context));
        options.AddOperationTransformer((operation, context, _) => ApiOperations.DescribeAsync(operation, context));
        options.AddDocumentTransformer((document, context, _) =>
            Describe(document, context.ApplicationServices.GetRequiredService<Transport>().HostCookie(SessionCookie.Name)));
    });

    private static Task Describe(OpenApiDocument document, string sessionCookie)
    {
        document.Info = new OpenApiInfo
        {
            Title = "BillingPortal API",
            Version = DocumentName,
            Description = "Prepaid credits of one tenant: balances, usage, purchases, cards, auto-recharge. The tenant is the key's or the "
                + "session's. Amounts are JSON numbers, exact to four places. Errors are RFC 9457 problem details with a stable code.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        document.Components.Schemas[ApiSchemas.Problem] = ApiSchemas.OfProblem();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [KeyScheme] = Bearer("An API key of the tenant; for the scheduled endpoints their secret.", format: null),
            [TokenScheme] = Bearer("A token of the identity provider that this installation trusts, where one is configured.", "JWT"),
            [SessionScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = sessionCookie,
                Description = "The session of a signed-in person.",
            },
        };
        document.Security =
        [
            .. new[] { KeyScheme, TokenScheme, SessionScheme }.Select(scheme =>
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }),
        ];
        ApiSchemas.RelaxBodies(document);
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description, string? format) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = format,
        Description = description,
    };
}
