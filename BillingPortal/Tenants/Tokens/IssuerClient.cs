using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace BillingPortal.Tenants.Tokens;

/// <summary>
/// Asks issuers over HTTP. Ten seconds, 256 KiB, no redirect, no cookie; with <see cref="IssuerReach.Public"/> to public addresses only,
/// judged on the address that is connected to, so that no name can lead elsewhere afterwards. Decides nothing about tokens.
/// </summary>
internal sealed class IssuerClient : IDisposable
{
    private const int BytesMax = 256 * 1024;
    private readonly HttpClient _http;
    private readonly IssuerReach _reach;

    public IssuerClient(IssuerReach reach, TimeSpan? timeout = null)
    {
        _reach = reach;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
        };
        if (reach is IssuerReach.Public)
        {
            handler.UseProxy = false; // it would connect in our place, and unjudged
            handler.ConnectCallback = ConnectAsync;
        }

        _http = new HttpClient(handler)
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = BytesMax,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("BillingPortal/1.0");
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <exception cref="IssuerException">There is no document of exactly that issuer.</exception>
    public async Task<IssuerDocument> DiscoverAsync(string issuer, CancellationToken cancellationToken)
    {
        var address = IssuerDocument.AddressOf(issuer);
        if (address is null || !MayUse(address) || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new IssuerException(IssuerFault.BadAddress, $"'{issuer}' is no https address of an issuer.");
        }

        return IssuerDocument.Parse(issuer, await GetAsync(address, cancellationToken), MayUse);
    }

    /// <exception cref="IssuerException">There is no key that may be used.</exception>
    public async Task<IReadOnlyList<TokenKey>> KeysAsync(Uri jwks, CancellationToken cancellationToken)
    {
        var keys = TokenKey.SetOf(await GetAsync(jwks, cancellationToken))
            ?? throw new IssuerException(IssuerFault.NoDocument, $"{jwks.Host} does not answer with a key set.");
        return keys.Count > 0
            ? keys
            : throw new IssuerException(
                IssuerFault.NoKeys, $"{jwks.Host} publishes no RS256 key of 2048 bits or more and no ES256 key.");
    }

    /// <summary>The answer to a request, whatever its status.</summary>
    /// <exception cref="IssuerException">There was no answer, or one too long.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (!MayUse(address))
        {
            throw new IssuerException(IssuerFault.BadAddress, $"{address.Host} is not asked without https.");
        }

        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            throw Explained(address, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IssuerException(IssuerFault.Unreachable, $"{address.Host} does not answer in time.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (status, body) = await SendAsync(request, cancellationToken);
        var code = (int)status;
        return status is HttpStatusCode.OK
            ? body
            : throw new IssuerException(
                IssuerFault.WrongStatus,
                $"{address.Host} answers {code} at {address.AbsolutePath}"
                    + (code is >= 300 and < 400 ? ": redirects are not followed." : "."));
    }

    private bool MayUse(Uri address) => address.IsAbsoluteUri && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp
                && (_reach is IssuerReach.Development || (_reach is IssuerReach.Operator && address.IsLoopback))));

    private static IssuerException Explained(Uri address, HttpRequestException failure) => failure switch
    {
        { InnerException: IssuerException inner } => inner,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new(IssuerFault.TooLong, $"The answer of {address.Host} is longer than {BytesMax / 1024} KiB."),
        { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new(IssuerFault.Unreachable, $"There is no host named {address.Host}."),
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new(IssuerFault.Unreachable, $"{address.Host} has no certificate that can be trusted."),
        _ => new(IssuerFault.Unreachable, $"{address.Host} cannot be reached."),
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var open = Array.FindAll(found, PublicAddress.Is);
        if (open.Length == 0)
        {
            throw new IssuerException(
                IssuerFault.PrivateAddress, $"{context.DnsEndPoint.Host} has no public address. Private networks are not asked.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Which addresses an issuer may have.</summary>
internal enum IssuerReach
{
    /// <summary>A tenant named it: https at a public address.</summary>
    Public = 1,

    /// <summary>The operator named it: https anywhere, and http on this machine.</summary>
    Operator = 2,

    /// <summary>Nothing here is real: http too.</summary>
    Development = 3,
}
