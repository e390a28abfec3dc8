using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Support;

/// <summary>
/// An OpenID Connect issuer on a real port: document, keys that it rolls, code flow with PKCE that it really checks. It says of people
/// whatever a test puts into <see cref="Person"/>.
/// </summary>
public sealed class SmallIssuer : IAsyncDisposable
{
    public const string ClientId = "billing-portal";
    public const string ClientSecret = "s3cret of the test's client: +/%";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Started> _codes = new();
    private readonly List<IssuerKey> _published = [];
    private int _keyRequests;
    private int _documentRequests;

    private SmallIssuer(WebApplication app)
    {
        _app = app;
        Roll();
    }

    public string Issuer => _app.Urls.First().TrimEnd('/');

    public int KeyRequests => _keyRequests;

    public int DocumentRequests => _documentRequests;

    /// <summary>With what it signs now.</summary>
    public IssuerKey Key { get; private set; } = null!;

    /// <summary>Answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>What its document calls it, when not by its name.</summary>
    public string? CallsItself { get; set; }

    /// <summary>The claims of whoever signs in next.</summary>
    public JsonObject Person { get; set; } = [];

    /// <summary>Bends the identity token before it is signed.</summary>
    public Action<JsonObject>? Bend { get; set; }

    /// <summary>Claims that stand at the user-info endpoint only.</summary>
    public JsonObject UserInfo { get; set; } = [];

    /// <summary>Shows a page with a link before it sends people back.</summary>
    public bool AsksPeople { get; set; }

    /// <summary>Sends people back with this error.</summary>
    public string? Refuses { get; set; }

    public static async Task<SmallIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new SmallIssuer(builder.Build());
        issuer.Map();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>A new key signs from now on; the old ones stay published unless they are taken back.</summary>
    public IssuerKey Roll(bool isEc = false, bool takeBack = false)
    {
        Key = isEc ? IssuerKey.Ec($"k{Ids.New():N}") : IssuerKey.Rsa($"k{Ids.New():N}");
        lock (_published)
        {
            if (takeBack)
            {
                _published.Clear();
            }

            _published.Add(Key);
        }

        return Key;
    }

    /// <summary>A token with these claims over the usual ones, signed with the key of now.</summary>
    public string Token(string audience, JsonObject? claims = null, IssuerKey? key = null) =>
        (key ?? Key).Sign(Claims(audience, claims));

    public JsonObject Claims(string audience, JsonObject? claims = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var all = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = audience,
            ["sub"] = "robot-1",
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        foreach (var (name, value) in claims ?? [])
        {
            all[name] = value?.DeepClone();
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    private void Map()
    {
        _app.Use((context, next) =>
        {
            if (!IsDown)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        _app.MapGet("/.well-known/openid-configuration", Document);
        _app.MapGet("/keys", Keys);
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/userinfo", () => Json(UserInfo));
    }

    private IResult Document()
    {
        Interlocked.Increment(ref _documentRequests);
        return Json(new JsonObject
        {
            ["issuer"] = CallsItself ?? Issuer,
            ["jwks_uri"] = $"{Issuer}/keys",
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic"),
        });
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref _keyRequests);
        lock (_published)
        {
            return Json(new JsonObject { ["keys"] = new JsonArray([.. _published.Select(key => key.Published())]) });
        }
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        string[] wanted = ["code", "query", "S256", ClientId];
        string[] said = [query["response_type"]!, query["response_mode"]!, query["code_challenge_method"]!, query["client_id"]!];
        if (!wanted.SequenceEqual(said) || !query["scope"].ToString().Split(' ').Contains("openid"))
        {
            return Results.BadRequest("not a request of the code flow with PKCE");
        }

        var back = query["redirect_uri"].ToString();
        var state = Uri.EscapeDataString(query["state"].ToString());
        if (Refuses is { } error)
        {
            return Results.Redirect($"{back}?error={error}&state={state}");
        }

        var code = $"code-{Ids.New():N}";
        _codes[code] = new Started(back, query["code_challenge"]!, query["nonce"]!, (JsonObject)Person.DeepClone());
        var next = $"{back}?code={code}&state={state}";
        return AsksPeople
            ? Results.Content($"<!doctype html><title>Issuer</title><a href=\"{next}\">Continue as {Person["email"]}</a>", "text/html")
            : Results.Redirect(next);
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var basic = Encoding.UTF8.GetString(Convert.FromBase64String(
            AuthenticationHeaderValue.Parse(request.Headers.Authorization.ToString()).Parameter!)).Split(':');
        if (!basic.Select(part => Uri.UnescapeDataString(part.Replace('+', ' '))).SequenceEqual([ClientId, ClientSecret]))
        {
            return Json(new JsonObject { ["error"] = "invalid_client" }, StatusCodes.Status401Unauthorized);
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["grant_type"] != "authorization_code" || !_codes.TryRemove(form["code"].ToString(), out var started)
            || started.RedirectUri != form["redirect_uri"] || started.Challenge != challenge)
        {
            return Json(new JsonObject { ["error"] = "invalid_grant" }, StatusCodes.Status400BadRequest);
        }

        var claims = Claims(ClientId, started.Person);
        claims["nonce"] = started.Nonce;
        Bend?.Invoke(claims);
        return Json(new JsonObject { ["access_token"] = "at", ["token_type"] = "Bearer", ["id_token"] = Key.Sign(claims) });
    }

    private static IResult Json(JsonObject body, int status = 200) =>
        Results.Content(body.ToJsonString(), "application/json", contentEncoding: null, status);

    private sealed record Started(string RedirectUri, string Challenge, string Nonce, JsonObject Person);
}
