using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using BillingPortal.TenantWebhooks.Network;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>What one try came to.</summary>
/// <param name="Status">Null without an answer.</param>
/// <param name="Error">In words for people; null when it was taken (2xx).</param>
public sealed record SendResult(int? Status, string? Error, string? Answer, int Milliseconds)
{
    public bool IsDelivered => Error is null;

    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>
/// Posts one signed message to a tenant's address. It follows no redirect, keeps no cookie, uses no proxy, reads at most 1 KB of
/// the answer, and connects only where <see cref="GuardedConnector"/> allows. It never throws for what the receiver does.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private const int AnswerMax = 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;

    public WebhookSender(GuardedConnector connector, TimeProvider clock, TenantWebhookOptions options)
    {
        (_clock, _timeout) = (clock, TimeSpan.FromSeconds(options.TimeoutSeconds));
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null, // our traces are nobody else's
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // then the name is looked up, and judged, anew
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <param name="publicId">Header <c>webhook-id</c>: the same for every try.</param>
    /// <param name="secrets">In clear; each signs.</param>
    public async Task<SendResult> SendAsync(
        Uri url, string publicId, string body, string[] secrets, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(_timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        int? status = null;
        string? error;
        string? answer = null;
        try
        {
            using var request = Request(url, publicId, body, secrets);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            status = (int)response.StatusCode;
            error = ErrorOf(response);
            answer = await AnswerAsync(response, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or IOException or OperationCanceledException or SocketException)
        {
            // What was taken stays taken, whatever became of the rest of the answer.
            error = status is >= 200 and < 300 ? null : Words(exception);
        }

        return new SendResult(status, error, answer, (int)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Uri url, string publicId, string body, string[] secrets)
    {
        var at = _clock.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("BillingPortal-Webhooks/1.0");
        request.Headers.Add("webhook-id", publicId);
        request.Headers.Add("webhook-timestamp", $"{at.ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", WebhookSignature.Header(publicId, at, body, secrets));
        return request;
    }

    private static string? ErrorOf(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => "Answered with a redirect, which is not followed. Enter the final address.",
        410 => "Answered 410 Gone: the address is not to be called any more.",
        var status => $"Answered {status}; only 2xx counts as received.",
    };

    private static async Task<string?> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[AnswerMax];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, AnswerMax, throwOnEndOfStream: false, cancellationToken);
        // PostgreSQL keeps every character but this one.
        return length == 0 ? null : Encoding.UTF8.GetString(buffer, 0, length).Replace('\0', '\uFFFD');
    }

    private string Words(Exception exception) => exception switch
    {
        OperationCanceledException => $"No answer within {_timeout.TotalSeconds:0} s.",
        { InnerException: RefusedAddressException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => NoSuchHost,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } => NoSuchHost,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "A secure connection could not be made: check the certificate.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "The connection was refused.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "The answer's headers are too long.",
        _ => "The connection broke before an answer came.",
    };

    private const string NoSuchHost = "The host name could not be found.";
}
