using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using BillingPortal.Kernel;
using BillingPortal.Tenants.ApiTokens;
using BillingPortal.Tenants.Throttling;
using BillingPortal.Tenants.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants;

/// <summary>
/// <c>Authorization: Bearer …</c>: an API key of a tenant, a token of the configured issuer, or one of the two secrets that call the
/// scheduled endpoints. The answer to a bad key or token says nothing about why it is bad.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys, CronSecrets cron,
    ApiTokenReader tokens, AttemptThrottle throttle)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";
    private const int KeyLengthMax = 512;

    public static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var token = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        if (token.Length is 0 or > TokenChecker.LengthMax)
        {
            return AuthenticateResult.Fail("no usable token");
        }

        if (token.Length <= KeyLengthMax && cron.Recognise(token) is { Count: > 0 } policies)
        {
            return Succeed(policies.Select(policy => new Claim(SessionClaims.Cron, policy)));
        }

        if (tokens.Takes(token))
        {
            return await tokens.RecogniseAsync(token, Context.RequestAborted) is { } program
                ? Succeed([.. SessionClaims.OfTenant(program.Tenant), .. SessionClaims.OfToken(program)])
                : AuthenticateResult.Fail("no good token");
        }

        return token.Length <= KeyLengthMax && await keys.RecogniseAsync(token, Context.RequestAborted) is { } known
            ? Succeed([.. SessionClaims.OfTenant(known.Tenant), .. SessionClaims.OfKey(known.Key)])
            : AuthenticateResult.Fail("unknown or ended key");
    }

    // Only bad ones are counted, and good ones never wait: nobody can shut out the programs behind a shared address.
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var from = AttemptThrottle.Of(Context.Connection.RemoteIpAddress);
        if (!await throttle.TryTakeAsync(AttemptLimit.BadKey, from, Context.RequestAborted))
        {
            Response.Headers.RetryAfter = "60";
            await Problems.TooMany("rate_limited", "Too many bad keys from this address. Try again in a minute, with a good one.")
                .ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = SchemeName;
        await Problems.Unauthorized(
            "invalid_api_key", "The API key or token is missing, unknown, replaced, revoked or expired.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Forbidden("forbidden", "This API key or token may not do that. Its scopes are set when it is made.").ExecuteAsync(Context);

    private AuthenticateResult Succeed(IEnumerable<Claim> claims) => AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName));
}

/// <summary>
/// The secrets of the scheduled endpoints, compared in constant time. An unset secret lets nobody in.
/// </summary>
internal sealed class CronSecrets(IConfiguration configuration)
{
    public IReadOnlyList<string> Recognise(string token)
    {
        var policies = new List<string>(2);
        Compare(token, configuration["Cron:Secret"], Policies.Cron, policies);
        Compare(token, configuration["Billing:CronToken"], Policies.BillingCron, policies);
        Compare(token, configuration["Metrics:Token"], Policies.Metrics, policies);
        return policies;
    }

    private static void Compare(string token, string? secret, string policy, List<string> policies)
    {
        if (!string.IsNullOrEmpty(secret) && CryptographicOperations.FixedTimeEquals(Hash(token), Hash(secret)))
        {
            policies.Add(policy);
        }
    }

    // Equal lengths, so that not even the secret's length can be measured.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
