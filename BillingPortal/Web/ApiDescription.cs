using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>
/// What <c>/openapi/v1.json</c> says beyond the endpoints' own shapes: who may call, idempotency, errors, amounts as
/// numbers.
/// </summary>
internal static class ApiDescription
{
    public const string DocumentName = "v1";

    private const string KeyScheme = "apiKey";
    private const string SessionScheme = "session";

    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        [Policies.TenantRead] = "Any member, or a key with the scope `read`.",
        [Policies.TenantBilling] = "Owner or billing admin, or a key with the scope `billing`.",
        [Policies.TenantUsage] = "Owner or billing admin, or a key with the scope `usage`.",
        [Policies.TenantOwner] = "Owner, signed in.",
        [Policies.Staff] = "Support staff, signed in.",
        [Policies.StaffLead] = "Support lead, signed in.",
        [Policies.Cron] = "Bearer `CRON_SECRET`.",
        [Policies.BillingCron] = "Bearer `BILLING_CRON_TOKEN`.",
    };

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
        options.AddSchemaTransformer((schema, context, _) => AmountAsNumber(schema, context));
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "BillingPortal API",
            Version = DocumentName,
            Description = "Prepaid credits of one tenant: balances, usage, purchases, cards, auto-recharge. The tenant is the key's or the "
                + "session's. Amounts are JSON numbers, exact to four places. Errors are RFC 9457 problem details with a stable code.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key of the tenant; for the scheduled endpoints their secret.",
            },
            [SessionScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = SessionCookie.Name,
                Description = "The session of a signed-in person.",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SessionScheme, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }
        else if (metadata.OfType<IAuthorizeData>().LastOrDefault(data => data.Policy is not null)?.Policy is { } policy
            && Needs.TryGetValue(policy, out var needs))
        {
            operation.Description = operation.Description is { Length: > 0 } text ? $"{text}\n\n{needs}" : needs;
        }

        operation.Responses ??= [];
        operation.Responses.TryAdd("4XX", new OpenApiResponse { Description = "A problem with a stable `code`." });
        if (metadata.OfType<Idempotency.IdempotentMark>().Any())
        {
            var others = (operation.Parameters ?? []).Where(parameter => parameter.Name != Idempotency.Header);
            operation.Parameters = [.. others, KeyParameter()];
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter KeyParameter() => new()
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Required = false,
        Description = "Any text up to 255 characters. A repeat within 24 hours gets the first 2xx answer; another body under "
            + "the same key is 409 `idempotency_key_reused`.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.KeyLengthMax },
    };

    private static Task AmountAsNumber(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Amount))
        {
            schema.Type = JsonSchemaType.Number;
            schema.Properties = null;
            schema.Required = null;
            schema.Description = "Exact to four places.";
        }

        return Task.CompletedTask;
    }
}
