using BillingPortal.Tenants.Tokens;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.ApiTokens;

/// <summary>Whose tokens open the API beside API keys, section <c>Api:Jwt</c>. Off while neither issuer nor audience is set.</summary>
public sealed record ApiJwtOptions
{
    public const string Section = "Api:Jwt";

    /// <summary>Exactly as it stands in the tokens' <c>iss</c>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Must be among the tokens' <c>aud</c>.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that names the tenant, by id or short name.</summary>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim with the scopes: words in one text (RFC 8693), or a list.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>What stands before <c>read</c>, <c>usage</c> and <c>billing</c>, for example <c>billing-portal/</c>.</summary>
    public string ScopePrefix { get; set; } = "";

    /// <summary>Where the keys are, for an issuer without a document of its own.</summary>
    public Uri? JwksUri { get; set; }

    public bool IsOn => Issuer.Length > 0 || Audience.Length > 0 || JwksUri is not null;

    internal IssuerSource Source => new(Issuer, JwksUri);
}

/// <summary>Stops the start with a message that names the setting.</summary>
internal sealed class ApiJwtOptionsValidator(IHostEnvironment environment) : IValidateOptions<ApiJwtOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiJwtOptions options)
    {
        if (!options.IsOn)
        {
            return ValidateOptionsResult.Success;
        }

        var issuer = Uri.TryCreate(options.Issuer, UriKind.Absolute, out var address) ? address : null;
        string?[] faults =
        [
            options.Issuer.Length == 0 ? "Api:Jwt:Issuer is not set, but Api:Jwt:Audience or Api:Jwt:JwksUri is."
                : issuer is null && options.JwksUri is null ? "Api:Jwt:Issuer must be an address, or Api:Jwt:JwksUri must be set."
                : options.JwksUri is null ? Secure("Api:Jwt:Issuer", issuer!) : null,
            options.Audience.Length == 0 ? "Api:Jwt:Audience is not set: without it tokens made for others would be taken." : null,
            options.TenantClaim.Length == 0 ? "Api:Jwt:TenantClaim must name a claim." : null,
            options.ScopeClaim.Length == 0 ? "Api:Jwt:ScopeClaim must name a claim." : null,
            options.ScopePrefix.Any(char.IsWhiteSpace) ? "Api:Jwt:ScopePrefix must not contain spaces." : null,
            options.JwksUri is { } jwks ? Secure("Api:Jwt:JwksUri", jwks) : null,
        ];
        var found = faults.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private string? Secure(string setting, Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && (environment.IsDevelopment() || address.IsLoopback)))
            ? null
            : $"{setting} must be an https address.";
}
