using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Polly;

namespace BillingPortal.Providers.Payments;

/// <summary>
/// Carries one call to Stripe: authentication, version, key, time limit and the repeats of Stripe's own SDKs, every
/// repeat under the same idempotency key. Successes and card refusals come back as answers, everything else is a <see
/// cref="ProviderException"/>.
/// </summary>
internal sealed partial class StripeTransport : IDisposable
{
    private const int KeyLengthMax = 255;
    private static readonly TimeSpan DelayMin = TimeSpan.FromSeconds(0.5); // stripe-node 23.1.0, RequestSender.js
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly StripeOptions _options;
    private readonly ILogger<StripeClient> _logger;
    private readonly ResiliencePipeline<StripeAnswer> _pipeline;

    public StripeTransport(IOptions<StripeOptions> options, TimeProvider time, ILogger<StripeClient> logger)
    {
        _options = options.Value;
        _logger = logger;
        _http = ProviderHttp.Client();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.SecretKey);
        _http.DefaultRequestHeaders.Add("Stripe-Version", StripeOptions.ApiVersion);
        _pipeline = ProviderHttp.Pipeline<StripeAnswer>(
            time, _options.TimeoutSeconds, _options.MaxRetries,
            new(answer => answer.IsWorthRepeating, _ => true, (attempt, answer) => Delay(attempt, answer?.RetryAfter)));
    }

    public Task<StripeAnswer> GetAsync(string path, StripeForm? query, CancellationToken cancellationToken) =>
        SendAsync(new Call(HttpMethod.Get, path, query, Key: null), cancellationToken);

    public Task<StripeAnswer> PostAsync(
        string path, StripeForm form, string idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(idempotencyKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idempotencyKey.Length, KeyLengthMax, nameof(idempotencyKey));
        return SendAsync(new Call(HttpMethod.Post, path, form, idempotencyKey), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private Task<StripeAnswer> SendAsync(Call call, CancellationToken cancellationToken) =>
        ProviderCalls.MeasureAsync("stripe", call.Method, () => CarryAsync(call, cancellationToken));

    private async Task<StripeAnswer> CarryAsync(Call call, CancellationToken cancellationToken)
    {
        StripeAnswer answer;
        try
        {
            answer = await _pipeline.ExecuteAsync(
                static async (state, token) =>
                    await state.Transport.TryAsync(state.Call, token), (Transport: this, Call: call),
                cancellationToken);
        }
        catch (Exception exception) when (ProviderHttp.GaveNoAnswer(exception))
        {
            var code = ProviderHttp.CodeOf(exception);
            LogFault(_logger, call.Method, call.Path, code, requestId: null, call.MayHaveTakenEffect);
            throw new ProviderException(
                code, $"Stripe gave no answer to {call} ({code}).", isRetryable: true, call.MayHaveTakenEffect,
                    exception);
        }

        if (answer is { IsSuccess: true, Body: not null } or { IsCardError: true })
        {
            return answer;
        }

        throw Fault(call, answer);
    }

    private ProviderException Fault(Call call, StripeAnswer answer)
    {
        // A clear refusal settles what an earlier try left open; one from before the call was carried out does not.
        var unknown = call.MayHaveTakenEffect && (answer.LeavesOutcomeOpen || answer.CameBeforeTheCall);
        LogFault(_logger, call.Method, call.Path, answer.Code, answer.RequestId, unknown);
        var parameter = answer.Error?.Text("param") ?? "none";
        var message = $"Stripe answered {call} with {answer.Status} {answer.Code}, parameter {parameter}.";
        return new ProviderException(answer.Code, message, answer.Status == 429 || answer.LeavesOutcomeOpen, unknown);
    }

    private async Task<StripeAnswer> TryAsync(Call call, CancellationToken cancellationToken)
    {
        var isWrite = call.Method == HttpMethod.Post;
        using var request = Request(call);
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var answer = await StripeAnswer.ReadAsync(response, cancellationToken);
            call.MayHaveTakenEffect |= isWrite && answer.LeavesOutcomeOpen;
            return answer;
        }
        catch (Exception exception) when (!ProviderHttp.WasNeverSent(exception))
        {
            call.MayHaveTakenEffect |= isWrite;
            throw;
        }
    }

    private HttpRequestMessage Request(Call call)
    {
        var address = _options.ApiBase.AbsoluteUri.TrimEnd('/') + call.Path;
        var request = new HttpRequestMessage(call.Method, address);
        if (call.Method == HttpMethod.Post)
        {
            request.Content = new FormUrlEncodedContent(call.Fields ?? []);
            request.Headers.Add("Idempotency-Key", call.Key);
        }
        else if (call.Fields is not null)
        {
            request.RequestUri = new Uri($"{address}?{call.Fields.ToQuery()}");
        }

        return request;
    }

    // min(0.5 s * 2^n, 5 s), jittered to 50-100 %, never under 0.5 s, never under what the answer asks for.
    private static TimeSpan Delay(int attempt, TimeSpan? retryAfter)
    {
        var grown = Math.Min(DelayMin.TotalSeconds * Math.Pow(2, attempt), DelayMax.TotalSeconds);
        var jittered = grown * (0.5 + (Random.Shared.NextDouble() / 2));
        return TimeSpan.FromSeconds(Math.Max(Math.Max(jittered, DelayMin.TotalSeconds), retryAfter?.TotalSeconds ?? 0));
    }

    [LoggerMessage(LogLevel.Warning,
        "Stripe {Method} {Path} failed: {Code}, request {RequestId}, outcome unknown: {OutcomeUnknown}")]
    private static partial void LogFault(
        ILogger logger, HttpMethod method, string path, string code, string? requestId, bool outcomeUnknown);

    /// <summary>One call with all its tries.</summary>
    private sealed record Call(HttpMethod Method, string Path, StripeForm? Fields, string? Key)
    {
        public bool MayHaveTakenEffect { get; set; }

        public override string ToString() => $"{Method} {Path}";
    }
}
