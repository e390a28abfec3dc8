using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;

namespace BillingPortal.Providers.Email;

/// <summary>
/// Sends one email through Resend. The same key within 24 hours sends nothing twice. Every fault is a
/// <see cref="ProviderException"/> that says whether trying again is of use.
/// </summary>
public sealed partial class ResendClient : IDisposable
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly ResendOptions _options;
    private readonly ResiliencePipeline<Answer> _pipeline;
    private readonly ILogger<ResendClient> _logger;

    public ResendClient(IOptions<ResendOptions> options, TimeProvider time, ILogger<ResendClient> logger)
    {
        _options = options.Value;
        _logger = logger;
        _http = ProviderHttp.Client();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        _pipeline = ProviderHttp.Pipeline<Answer>(
            time, _options.TimeoutSeconds, _options.MaxRetries,
            new(answer => answer.IsWorthRepeating, _ => true, (attempt, answer) =>
                answer?.RetryAfter ?? DelayMin * (1 << attempt)));
    }

    /// <summary>The provider's id of the email.</summary>
    public Task<string> SendAsync(OutgoingEmail email, string idempotencyKey, CancellationToken cancellationToken = default) =>
        ProviderCalls.MeasureAsync("resend", HttpMethod.Post, () => CarryAsync(email, idempotencyKey, cancellationToken));

    public void Dispose() => _http.Dispose();

    private async Task<string> CarryAsync(OutgoingEmail email, string idempotencyKey, CancellationToken cancellationToken)
    {
        Answer answer;
        try
        {
            answer = await _pipeline.ExecuteAsync(
                async token => await TryAsync(email, idempotencyKey, token), cancellationToken);
        }
        catch (Exception exception) when (ProviderHttp.GaveNoAnswer(exception))
        {
            var code = ProviderHttp.CodeOf(exception);
            LogFault(_logger, email.Kind, code);
            throw new ProviderException(
                code, $"Resend gave no answer ({code}).", isRetryable: true, isOutcomeUnknown: true, exception);
        }

        if (answer is { Status: >= 200 and < 300, Reply.Id: { Length: > 0 } id })
        {
            return id;
        }

        LogFault(_logger, email.Kind, answer.Code);
        throw new ProviderException(
            answer.Code, $"Resend answered {answer.Status} {answer.Code}.", answer.IsRetryable, answer.Status >= 500);
    }

    private async Task<Answer> TryAsync(OutgoingEmail email, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, _options.ApiBase.AbsoluteUri.TrimEnd('/') + "/emails");
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        request.Content = JsonContent.Create(
            new ResendRequest(
                _options.From, [email.To], email.Subject, email.Html, email.Text, Tags(email)),
            ResendJson.Default.ResendRequest);
        using var response = await _http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new Answer((int)response.StatusCode, Parse(bytes), response.Headers.RetryAfter?.Delta);
    }

    private static ResendTag[] Tags(OutgoingEmail email) => email.Id is { } id
        ? [new("kind", email.Kind), new(ResendEvent.IdTag, id.ToString())]
        : [new("kind", email.Kind)];

    private static ResendReply? Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ResendJson.Default.ResendReply);
        }
        catch (JsonException)
        {
            return null; // a proxy's page
        }
    }

    [LoggerMessage(LogLevel.Warning, "An email of kind {Kind} was not sent: {Code}")]
    private static partial void LogFault(ILogger logger, string kind, string code);

    /// <summary>One answer, judged.</summary>
    private sealed record Answer(int Status, ResendReply? Reply, TimeSpan? RetryAfter)
    {
        public string Code => Reply?.Name ?? $"http_{Status}";

        /// <summary>
        /// At once: another request of the same key is running, too many in this second, or their fault.
        /// </summary>
        public bool IsWorthRepeating => Status >= 500 || Code is "concurrent_idempotent_requests"
            || (Code is "rate_limit_exceeded" && (RetryAfter ?? TimeSpan.Zero) <= RetryAfterMax);

        /// <summary>
        /// Later: quotas end, a suspended key is healed by a person; a malformed email stays malformed.
        /// </summary>
        public bool IsRetryable => Status is >= 500 or 429 or 401 or 403 or 408
            || Code is "concurrent_idempotent_requests"
            || (Status is >= 200 and < 300);
    }
}
