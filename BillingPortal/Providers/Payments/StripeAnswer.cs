using System.Text.Json;

namespace BillingPortal.Providers.Payments;

/// <summary>One HTTP answer of Stripe, read to its end.</summary>
internal sealed record StripeAnswer(
    int Status, JsonElement? Body, bool? ShouldRetry, TimeSpan? RetryAfter, string? RequestId)
{
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(60);

    /// <summary>Null unless this is an error in Stripe's own format.</summary>
    public JsonElement? Error => Body?.Inner("error");

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A card's refusal: an answer to be worked with, not a fault.</summary>
    public bool IsCardError => Status == 402 && Error is not null;

    /// <summary>Stripe's own SDKs repeat 409 and 5xx, and anything (429 too) only where the answer says so.</summary>
    public bool IsWorthRepeating => ShouldRetry ?? (Status is 409 or >= 500);

    /// <summary>Refusals that came before the call was carried out; the same key may be sent again.</summary>
    public bool CameBeforeTheCall => Status is 401 or 403 or 429;

    /// <summary>Still running, failed midway, or unreadable: the call may have taken effect.</summary>
    public bool LeavesOutcomeOpen => Status is 409 or >= 500 || (IsSuccess && Body is null);

    public string Code => Error?.Text("code") ?? Error?.Text("type") ?? $"http_{Status}";

    public static async Task<StripeAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var shouldRetry = Header(response, "Stripe-Should-Retry") switch
        {
            "true" => true,
            "false" => false,
            _ => (bool?)null,
        };
        var wait = response.Headers.RetryAfter?.Delta;
        return new StripeAnswer(
            (int)response.StatusCode, Parse(bytes), shouldRetry, wait <= RetryAfterMax
                ? wait : null, Header(response, "Request-Id"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    // A proxy on the way may answer in another format.
    private static JsonElement? Parse(byte[] bytes)
    {
        try
        {
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
