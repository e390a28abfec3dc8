using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;

namespace BillingPortal.Providers.Sms;

/// <summary>
/// Carries one call to Twilio: authentication, time limit, repeats. Twilio has no idempotency keys, so a call that makes
/// something new is repeated only when it was never processed: after a 429, or when no connection came about. Success
/// and clear refusals come back as answers, everything else is a <see cref="ProviderException"/>.
/// </summary>
internal sealed partial class TwilioTransport : IDisposable
{
    private static readonly TimeSpan DelayUnit = TimeSpan.FromMilliseconds(100); // npm twilio 6.2.0, RequestClient.js
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http;
    private readonly string _account;
    private readonly ILogger<TwilioClient> _logger;
    private readonly ResiliencePipeline<TwilioAnswer> _repeatable;
    private readonly ResiliencePipeline<TwilioAnswer> _once;

    public TwilioTransport(IOptions<TwilioOptions> options, TimeProvider time, ILogger<TwilioClient> logger)
    {
        var (sid, token) = (options.Value.AccountSid, options.Value.AuthToken);
        _logger = logger;
        _account = $"{options.Value.ApiBase.AbsoluteUri.TrimEnd('/')}/2010-04-01/Accounts/{sid}";
        _http = ProviderHttp.Client();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{sid}:{token}")));
        ResiliencePipeline<TwilioAnswer> Pipeline(Func<TwilioAnswer, bool> answer, Func<Exception, bool> failure) =>
            ProviderHttp.Pipeline<TwilioAnswer>(
                time, options.Value.TimeoutSeconds, options.Value.MaxRetries, new(answer, failure, Delay));
        _repeatable = Pipeline(answer => answer.CameTooSoon || answer.LeavesOutcomeOpen, _ => true);
        _once = Pipeline(answer => answer.CameTooSoon, ProviderHttp.WasNeverSent);
    }

    /// <summary>Reads. Null: there is no such object.</summary>
    public async Task<JsonElement?> GetAsync(
        string resource, TwilioFields? query, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(new Call(HttpMethod.Get, resource, query, IsRepeatable: true), cancellationToken);
        return answer.Status == 404 ? null : answer.Body;
    }

    /// <summary>Makes something new: never repeated when it may have been processed.</summary>
    public Task<TwilioAnswer> CreateAsync(string resource, TwilioFields form, CancellationToken cancellationToken) =>
        SendAsync(new Call(HttpMethod.Post, resource, form, IsRepeatable: false), cancellationToken);

    /// <summary>Sets what may as well be set twice.</summary>
    public Task<TwilioAnswer> UpdateAsync(string resource, TwilioFields form, CancellationToken cancellationToken) =>
        SendAsync(new Call(HttpMethod.Post, resource, form, IsRepeatable: true), cancellationToken);

    /// <summary>Gone is as good as deleted.</summary>
    public Task DeleteAsync(string resource, CancellationToken cancellationToken) =>
        SendAsync(new Call(HttpMethod.Delete, resource, Fields: null, IsRepeatable: true), cancellationToken);

    /// <summary>A success that our records cannot be made of: what was asked for may well have been done.</summary>
    public static T Read<T>(string what, bool isOutcomeUnknown, Func<T> map)
    {
        try
        {
            return map();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProviderException(
                "unreadable", $"Twilio's answer about {what} could not be read.", isRetryable: true, isOutcomeUnknown,
                exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<TwilioAnswer> SendAsync(Call call, CancellationToken cancellationToken) =>
        ProviderCalls.MeasureAsync("twilio", call.Method, () => CarryAsync(call, cancellationToken));

    private async Task<TwilioAnswer> CarryAsync(Call call, CancellationToken cancellationToken)
    {
        TwilioAnswer answer;
        try
        {
            answer = await (call.IsRepeatable ? _repeatable : _once).ExecuteAsync(
                static async (state, token) => await state.Self.TryAsync(state.Call, token), (Self: this, Call: call),
                cancellationToken);
        }
        catch (Exception exception) when (ProviderHttp.GaveNoAnswer(exception))
        {
            var code = ProviderHttp.CodeOf(exception);
            var unknown = call.IsWrite && !ProviderHttp.WasNeverSent(exception);
            LogFault(_logger, call.Method, call.Resource, code, unknown);
            throw new ProviderException(
                code, $"Twilio gave no answer to {call} ({code}).", isRetryable: true, unknown, exception);
        }

        if (answer is { IsSuccess: true, LeavesOutcomeOpen: false } || answer.IsRefusal
            || (answer.Status == 404 && call.Method != HttpMethod.Post))
        {
            return answer;
        }

        var isUnknown = call.IsWrite && answer.LeavesOutcomeOpen;
        LogFault(_logger, call.Method, call.Resource, answer.Code, isUnknown);
        // Wrong keys are put right by a person; then the same call is of use.
        throw new ProviderException(
            answer.Code, $"Twilio answered {call} with {answer.Status} {answer.Code}.",
            answer.LeavesOutcomeOpen || answer.Status is 401 or 403 or 429, isUnknown);
    }

    private async Task<TwilioAnswer> TryAsync(Call call, CancellationToken cancellationToken)
    {
        var address = $"{_account}/{call.Resource}.json";
        using var request = new HttpRequestMessage(call.Method, address);
        if (call.Method == HttpMethod.Post)
        {
            request.Content = new FormUrlEncodedContent(call.Fields ?? []);
        }
        else if (call.Fields is not null)
        {
            request.RequestUri = new Uri($"{address}?{call.Fields.ToQuery()}");
        }

        using var response = await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await TwilioAnswer.ReadAsync(response, cancellationToken);
    }

    // Full jitter over 100 ms * 2^n, 3 s at most; never under what the answer asks for.
    private static TimeSpan Delay(int attempt, TwilioAnswer? answer)
    {
        var grown = Math.Min(DelayUnit.TotalSeconds * Math.Pow(2, attempt + 1), DelayMax.TotalSeconds);
        var jittered = TimeSpan.FromSeconds(grown * Random.Shared.NextDouble());
        return answer?.RetryAfter is { } asked && asked > jittered ? asked : jittered;
    }

    [LoggerMessage(LogLevel.Warning, "Twilio {Method} {Resource} failed: {Code}, outcome unknown: {OutcomeUnknown}")]
    private static partial void LogFault(
        ILogger logger, HttpMethod method, string resource, string code, bool outcomeUnknown);

    /// <summary>One call with all its tries. The resource is a name or an id, never a number or text of people.</summary>
    private sealed record Call(HttpMethod Method, string Resource, TwilioFields? Fields, bool IsRepeatable)
    {
        public bool IsWrite => Method != HttpMethod.Get;

        public override string ToString() => $"{Method} {Resource}";
    }
}
