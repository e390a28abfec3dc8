using System.Collections.Concurrent;
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

    /// <summary>Per address, for callers nobody knows: providers' webhooks, and whoever tries keys.</summary>
    public int UnknownRequestsPerMinute { get; set; } = 3_000;
}

/// <summary>
/// Counts each caller's requests under <c>/api</c> in windows of a minute and says in every answer what is left
/// (draft-ietf-httpapi-ratelimit-headers). Real time, whatever the sandbox's clock says.
/// </summary>
internal sealed class RequestBudget(RequestDelegate next, RequestBudgetOptions options)
{
    private const int CallersMax = 50_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context, CurrentTenant tenant)
    {
        if (!ApiPaths.Includes(context.Request))
        {
            await next(context);
            return;
        }

        var (caller, limit) = CallerOf(context, tenant);
        var minute = TimeProvider.System.GetUtcNow().Ticks / Window.Ticks;
        var used = Take(caller, minute);
        var seconds = 60 - TimeProvider.System.GetUtcNow().Second;
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={limit};w=60");
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"minute\";r={Math.Max(0, limit - used)};t={seconds}");
        if (used <= limit)
        {
            await next(context);
            return;
        }

        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.TooMany("rate_limited", $"More than {limit} requests in this minute. Try again in {seconds} seconds.")
            .ExecuteAsync(context);
    }

    private (string Caller, int Limit) CallerOf(HttpContext context, CurrentTenant tenant) =>
        context.User.FindFirstValue(SessionClaims.ApiKeyId) is { } key ? ("key " + key, options.RequestsPerMinute)
        : context.User.FindFirstValue(SessionClaims.ApiTokenId) is { } token ? ("token " + token, options.RequestsPerMinute)
        : tenant.UserId is { } user ? ($"user {user}", options.RequestsPerMinute)
        : ($"address {context.Connection.RemoteIpAddress}", options.UnknownRequestsPerMinute);

    private int Take(string caller, long minute)
    {
        // Forgetting everybody costs one window's accuracy; remembering everybody would cost the process.
        if (_counts.Count > CallersMax)
        {
            _counts.Clear();
        }

        return _counts.AddOrUpdate(
            caller,
            _ => new Count(minute, 1),
            (_, count) => count.Minute == minute ? count with { Used = count.Used + 1 } : new Count(minute, 1)).Used;
    }

    private sealed record Count(long Minute, int Used);
}
