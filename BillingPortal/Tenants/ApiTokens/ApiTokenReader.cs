using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BillingPortal.Tenants.Tokens;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.ApiTokens;

/// <summary>
/// Recognises the tokens that the configured issuer gives to programs: which tenant they are for and what they may do, which is never
/// more than their scopes. Nothing is stored. Why a token is refused stands in the log alone.
/// </summary>
internal sealed partial class ApiTokenReader(
    TokenChecker checker, TenantReader tenants, IOptions<ApiJwtOptions> settings, ILogger<ApiTokenReader> logger)
{
    private static readonly (string Word, ApiScopes Scope)[] Words =
        [("read", ApiScopes.Read), ("usage", ApiScopes.Usage), ("billing", ApiScopes.Billing)];

    private readonly ApiJwtOptions _options = settings.Value;

    /// <summary>True when this text is for this reader to judge: tokens are configured, and it has the three parts of one.</summary>
    public bool Takes(string text) => _options.IsOn && text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count('.') == 2;

    /// <summary>Null when the token is not good, or its tenant unknown.</summary>
    public async Task<KnownApiToken?> RecogniseAsync(string text, CancellationToken cancellationToken)
    {
        var verdict = await checker.CheckAsync(text, new TokenDemand(_options.Source, _options.Audience), cancellationToken);
        if (verdict.Token is not { } token)
        {
            LogRefused(logger, verdict.Fault!.Value);
            return null;
        }

        if (await TenantOfAsync(token.Claims, cancellationToken) is not { } tenant)
        {
            LogNoTenant(logger, CallerOf(token)); // the subject may be a person's address
            return null;
        }

        return new KnownApiToken(tenant, ScopesOf(token.Claims), CallerOf(token), token.Subject);
    }

    private async Task<Tenant?> TenantOfAsync(JsonElement claims, CancellationToken cancellationToken) =>
        TokenBytes.Text(claims, _options.TenantClaim) is not { Length: > 0 and <= 63 } named ? null
            : Guid.TryParseExact(named, "D", out var id) ? await tenants.FindAsync(id, cancellationToken)
            : await tenants.FindBySlugAsync(named, cancellationToken);

    private ApiScopes ScopesOf(JsonElement claims)
    {
        var said = TokenBytes.Texts(claims, _options.ScopeClaim) ?? [];
        var words = said.SelectMany(text => text.Split(' ')).ToHashSet(StringComparer.Ordinal);
        return Words.Where(one => words.Contains(_options.ScopePrefix + one.Word)).Aggregate(ApiScopes.None, (all, one) => all | one.Scope);
    }

    // Who calls is issuer and subject; the audit log wants an id for that, always the same one (RFC 9562, version 8).
    private static Guid CallerOf(CheckedToken token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{token.Issuer}\n{token.Subject}")).AsSpan(0, 16);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash, bigEndian: true);
    }

    [LoggerMessage(LogLevel.Information, "An API token is refused: {Fault}")]
    private static partial void LogRefused(ILogger logger, TokenFault fault);

    [LoggerMessage(LogLevel.Information, "An API token of caller {CallerId} is refused: it names no tenant of this portal")]
    private static partial void LogNoTenant(ILogger logger, Guid callerId);
}

/// <summary>A program with a token of the configured issuer.</summary>
/// <param name="Tenant">For whom.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CallerId">The same for every token of that issuer and subject.</param>
/// <param name="Subject">The issuer's name for it.</param>
internal sealed record KnownApiToken(Tenant Tenant, ApiScopes Scopes, Guid CallerId, string Subject);
