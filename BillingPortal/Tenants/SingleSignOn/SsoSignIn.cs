using System.Security.Cryptography;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Tenants.SignIn;
using BillingPortal.Tenants.Tokens;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// A sign-in by a connection, from the first click to the person. Every way that it can fail ends in a refusal with a sentence.
/// </summary>
internal sealed partial class SsoSignIn(
    SsoReader reader, SsoService service, SsoExchange exchange, SsoArrivals arrivals, SsoFlowCookie cookie, SsoAttempts attempts,
    IOptions<AppOptions> app, ILogger<SsoSignIn> logger)
{
    private const int CodeLengthMax = 4_000;

    /// <summary>The address at the issuer to go to.</summary>
    public async Task<SsoBeginning> BeginAsync(HttpContext context, string slug, string? returnUrl)
    {
        if (!await attempts.TryTakeAsync(context.Connection.RemoteIpAddress, context.RequestAborted))
        {
            return new(null, SsoRefusal.TooMany);
        }

        if (await reader.BySlugAsync(slug, context.RequestAborted) is not { } door)
        {
            return new(null, SsoRefusal.NoConnection);
        }

        try
        {
            var flow = SsoFlow.New(door.Connection.TenantId, ReturnAddress.Of(returnUrl, "/"));
            var redirect = SsoAddresses.Redirect(app.Value, door.Slug);
            var address = await exchange.AddressAsync(door.Connection, flow, redirect, context.RequestAborted);
            cookie.Write(context, flow);
            return new(address, null);
        }
        catch (IssuerException failure)
        {
            LogIssuer(logger, door.Connection.TenantId, failure.Message);
            return new(null, SsoRefusal.IssuerDown);
        }
    }

    /// <summary>The person whom the issuer has sent back to that tenant's address.</summary>
    public async Task<SsoEnd> FinishAsync(HttpContext context, string slug)
    {
        var query = context.Request.Query;
        if (cookie.Take(context) is not { } flow || !flow.HasState(query["state"])
            || await reader.BySlugAsync(slug, context.RequestAborted) is not { } door || door.Connection.TenantId != flow.TenantId
            || !await arrivals.UseAsync(SHA256.HashData(Encoding.ASCII.GetBytes(flow.State)), context.RequestAborted))
        {
            return new(SsoRefusal.Lost);
        }

        if (query["error"].Count > 0)
        {
            return new(SsoRefusal.Denied);
        }

        if (query["code"] is not [{ Length: > 0 and <= CodeLengthMax } code] || query["iss"].Count > 1)
        {
            return new(SsoRefusal.BadAnswer);
        }

        try
        {
            var connection = door.Connection;
            var answer = new SsoAnswer(code, query["iss"].SingleOrDefault());
            var person = await exchange.RedeemAsync(
                connection, service.SecretOf(connection), flow, SsoAddresses.Redirect(app.Value, door.Slug), answer,
                context.RequestAborted);
            if (person is null)
            {
                return new(SsoRefusal.BadAnswer);
            }

            var arrival = await arrivals.ArriveAsync(connection, person, context.RequestAborted);
            return arrival.User is { } user
                ? new SsoEnd(new SsoGuest(user, connection.TenantId, flow.ReturnUrl), null)
                : new(arrival.Refusal!.Value);
        }
        catch (IssuerException failure)
        {
            LogIssuer(logger, flow.TenantId, failure.Message);
            return new(SsoRefusal.IssuerDown);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The issuer of tenant {TenantId} cannot be used: {Fault}")]
    private static partial void LogIssuer(ILogger logger, Guid tenantId, string fault);
}

/// <summary>Where to send the person, or why nowhere.</summary>
internal sealed record SsoBeginning(string? Address, SsoRefusal? Refusal);

/// <summary>Who may come in where.</summary>
internal sealed record SsoGuest(User User, Guid TenantId, string ReturnUrl);

/// <summary>The person, or why nobody.</summary>
internal sealed record SsoEnd(SsoGuest? Guest, SsoRefusal? Refusal)
{
    public SsoEnd(SsoRefusal refusal)
        : this(null, refusal)
    {
    }
}
