using System.Globalization;
using System.Text.Json;

namespace BillingPortal.Providers.Sms;

/// <summary>One HTTP answer of Twilio, read to its end.</summary>
internal sealed record TwilioAnswer(int Status, JsonElement? Body, TimeSpan? RetryAfter)
{
    private const int QueueFullCode = 21611;
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(10);

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Twilio's own number of an error, 0 when the answer is not in Twilio's format.</summary>
    public int ErrorCode => IsSuccess || Body is not { } body ? 0 : body.Int("code") ?? 0;

    public string Code => ErrorCode == 0 ? $"http_{Status}" : ErrorCode.ToString(CultureInfo.InvariantCulture);

    /// <summary>Too many at a time: never processed, so always safe to send again. A full queue is a refusal instead.</summary>
    public bool CameTooSoon => Status == 429 && ErrorCode != QueueFullCode;

    /// <summary>Failed midway, or a success that cannot be read: a call that changes something may have done so.</summary>
    public bool LeavesOutcomeOpen => Status is 408 or >= 500 || (IsSuccess && Status != 204 && Body is null);

    /// <summary>A clear no to what was asked, in Twilio's own words. Wrong keys and lost addresses are faults.</summary>
    public bool IsRefusal => ErrorCode > 0 && Status is >= 400 and < 500 and not (401 or 403 or 404 or 408)
        && !CameTooSoon;

    public static async Task<TwilioAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var wait = response.Headers.RetryAfter?.Delta;
        return new TwilioAnswer((int)response.StatusCode, Parse(bytes), wait <= RetryAfterMax ? wait : null);
    }

    // A proxy on the way may answer in another format.
    private static JsonElement? Parse(byte[] bytes)
    {
        try
        {
            return JsonElement.Parse(bytes) is { ValueKind: JsonValueKind.Object } body ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
