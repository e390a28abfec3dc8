using System.Globalization;
using System.Security.Claims;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Web;

/// <summary>
/// How many requests a caller may send; section <c>Http</c>. Per process: behind several, each gives the whole budget.
/// </summary>
public sealed record RequestBudgetOptions
{
    public const string Section = "Http";

    /// <summary>
    /// Per API key, per subject of an API token, per session. A hundred a second: one event per request for a busy switchboard.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 6_000;

    /// <summary>Per address, for callers nobody knows: whoever tries keys.</summary>
    public int UnknownRequestsPerMinute { get; set; } = 3_000;

    /// <summary>
    /// Per address, at the addresses that providers call. A refused webhook comes again hours later, and they call from few addresses:
    /// a thousand recharges at once are some five thousand events.
    /// </summary>
    public int ProviderRequestsPerMinute { get; set; } = 60_000;
}

/// <summary>
/// Says in every answer under <c>/api</c> what is left of the caller's minute (draft-ietf-httpapi-ratelimit-headers), and
/// refuses what is above. Real time, whatever the sandbox's clock says.
/// </summary>
internal sealed class RequestBudget(RequestDelegate next, RequestBudgetOptions options)
{
    private readonly RequestCounter _counter = new(TimeProvider.System);

    public async Task InvokeAsync(HttpContext context, CurrentTenant tenant)
    {
        if (!ApiPaths.Includes(context.Request))
        {
            await next(context);
            return;
        }

        var (caller, limit) = CallerOf(context, tenant);
        var (used, seconds) = _counter.Take(caller);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = PolicyOf(limit);
        headers["RateLimit"] = StandingOf(Math.Max(0, limit - used), seconds);
        if (used <= limit)
        {
            await next(context);
            return;
        }

        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.TooMany("rate_limited", $"More than {limit} requests in this minute. Try again in {seconds} seconds.")
            .ExecuteAsync(context);
    }

    /// <summary>A list of one item: the policy's name, its quota (q) and its window in seconds (w).</summary>
    internal static string PolicyOf(int limit) => string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={limit};w=60");

    /// <summary>The same name with what remains (r) and the seconds until it is whole again (t).</summary>
    internal static string StandingOf(int left, int seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"\"minute\";r={left};t={seconds}");

    // A key's own limit only ever takes away: the installation's holds for every key.
    private (string Caller, int Limit) CallerOf(HttpContext context, CurrentTenant tenant) =>
        context.User.FindFirstValue(SessionClaims.ApiKeyId) is { } key
            ? ("key " + key, Math.Min(SessionClaims.RequestsPerMinuteOf(context.User) ?? int.MaxValue, options.RequestsPerMinute))
        : context.User.FindFirstValue(SessionClaims.ApiTokenId) is { } token ? ("token " + token, options.RequestsPerMinute)
        : tenant.UserId is { } user ? ($"user {user}", options.RequestsPerMinute)
        : context.GetEndpoint()?.Metadata.GetMetadata<ProviderCall>() is not null
            ? ($"provider {context.Connection.RemoteIpAddress}", options.ProviderRequestsPerMinute)
        : ($"address {context.Connection.RemoteIpAddress}", options.UnknownRequestsPerMinute);
}
