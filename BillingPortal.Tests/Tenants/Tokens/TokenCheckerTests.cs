using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Tenants.Tokens;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Tenants.Tokens;

/// <summary>What counts as a token of an issuer, and everything that looks like one and is none.</summary>
public sealed class TokenCheckerTests : IAsyncLifetime
{
    private const string Audience = "https://portal.example/api";
    private readonly IssuerClient _client = new(IssuerReach.Operator);
    private SmallIssuer _issuer = null!;
    private TokenChecker _checker = null!;

    private TokenDemand Demand => new(new IssuerSource(_issuer.Issuer), Audience);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        _issuer = await SmallIssuer.StartAsync();
        _checker = new(new IssuerKeys(_client, TimeProvider.System, NullLogger<IssuerKeys>.Instance), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_of_either_kind_of_key_says_who_it_speaks_of(bool isEc)
    {
        _issuer.Roll(isEc);

        var verdict = await CheckAsync(_issuer.Token(Audience, new() { ["tenant"] = "acme" }));

        Assert.Null(verdict.Fault);
        Assert.Equal(("robot-1", "acme"), (verdict.Token!.Subject, verdict.Token.Claims.GetProperty("tenant").GetString()));
    }

    [Fact]
    public async Task One_of_several_audiences_is_enough()
    {
        await AssertGoodAsync(new() { ["aud"] = new JsonArray("other", Audience) });
        await AssertFaultAsync(TokenFault.WrongAudience, new() { ["aud"] = new JsonArray("other", 7, Audience) });
        await AssertFaultAsync(TokenFault.WrongAudience, new() { ["aud"] = new JsonArray() });
        await AssertFaultAsync(TokenFault.WrongAudience, new() { ["aud"] = Audience + "/" });
        await AssertFaultAsync(TokenFault.WrongAudience, new() { ["aud"] = Audience.ToUpperInvariant() });
        await AssertFaultAsync(TokenFault.WrongAudience, new() { ["aud"] = null });
    }

    [Fact]
    public async Task The_issuer_is_the_same_to_the_letter()
    {
        await AssertFaultAsync(TokenFault.WrongIssuer, new() { ["iss"] = _issuer.Issuer + "/" });
        await AssertFaultAsync(TokenFault.WrongIssuer, new() { ["iss"] = "https://evil.example" });
        await AssertFaultAsync(TokenFault.WrongIssuer, new() { ["iss"] = new JsonArray(_issuer.Issuer) });
    }

    [Fact]
    public async Task Times_are_kept_with_a_minute_of_skew()
    {
        await AssertGoodAsync(new() { ["exp"] = Now - 30, ["nbf"] = Now + 30, ["iat"] = Now + 30 });
        await AssertFaultAsync(TokenFault.Expired, new() { ["exp"] = Now - 61 });
        await AssertFaultAsync(TokenFault.NotYet, new() { ["nbf"] = Now + 120 });
        await AssertFaultAsync(TokenFault.NotYet, new() { ["iat"] = Now + 120 });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["exp"] = null });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["exp"] = $"{Now + 300}" });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["exp"] = 1e300 });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["nbf"] = "soon" });
        await AssertGoodAsync(new() { ["exp"] = Now + 300.5 });
    }

    [Fact]
    public async Task Without_a_subject_it_speaks_of_nobody()
    {
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["sub"] = "" });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["sub"] = 7 });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["sub"] = new string('s', 256) });
        await AssertFaultAsync(TokenFault.MissingClaim, new() { ["sub"] = "a\nb" });
    }

    [Fact]
    public async Task An_access_token_is_no_identity_token_and_an_identity_token_says_when_it_was_made()
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = _issuer.Key.Id, ["typ"] = "at+jwt" };
        var access = _issuer.Key.Sign(_issuer.Claims(Audience), header);
        Assert.Null((await CheckAsync(access)).Fault);
        var identity = Demand with { IsIdentity = true };
        Assert.Equal(TokenFault.NotAccepted, (await _checker.CheckAsync(access, identity, default)).Fault);
        var timeless = _issuer.Claims(Audience);
        timeless.Remove("iat");
        Assert.Null((await CheckAsync(_issuer.Key.Sign(timeless))).Fault);
        Assert.Equal(TokenFault.MissingClaim, (await _checker.CheckAsync(_issuer.Key.Sign(timeless), identity, default)).Fault);
    }

    // RFC 8725, section 2.1: "none", and the public key as the secret of an HMAC.
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS384")]
    [InlineData("PS256")]
    [InlineData("rs256")]
    public async Task The_token_does_not_choose_how_it_is_checked(string algorithm)
    {
        var good = _issuer.Token(Audience).Split('.');
        var header = IssuerKey.Text(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","kid":"{{_issuer.Key.Id}}"}"""));
        var signed = $"{header}.{good[1]}";
        var mac = HMACSHA256.HashData(_issuer.Key.PublicBytes(), Encoding.ASCII.GetBytes(signed));

        Assert.Equal(TokenFault.NotAccepted, (await CheckAsync($"{signed}.{IssuerKey.Text(mac)}")).Fault);
        Assert.Equal(TokenFault.NotAccepted, (await CheckAsync($"{signed}.{good[2]}")).Fault);
        Assert.Equal(TokenFault.Malformed, (await CheckAsync($"{signed}.")).Fault);
    }

    [Fact]
    public async Task A_key_checks_its_own_kind_of_signature_only()
    {
        var rsa = _issuer.Key;
        var ec = _issuer.Roll(isEc: true);
        var claims = _issuer.Claims(Audience);

        var asEc = rsa.Sign(claims, new() { ["alg"] = "ES256", ["kid"] = rsa.Id });
        var asRsa = ec.Sign(claims, new() { ["alg"] = "RS256", ["kid"] = ec.Id });
        var otherKey = rsa.Sign(claims, new() { ["alg"] = "ES256", ["kid"] = ec.Id });

        Assert.Equal(TokenFault.UnknownKey, (await CheckAsync(asEc)).Fault);
        Assert.Equal(TokenFault.UnknownKey, (await CheckAsync(asRsa)).Fault);
        Assert.Equal(TokenFault.WrongSignature, (await CheckAsync(otherKey)).Fault);
    }

    [Fact]
    public async Task A_strangers_key_is_not_the_issuers_whatever_the_header_offers()
    {
        var mine = IssuerKey.Rsa(_issuer.Key.Id);
        Assert.Equal(TokenFault.WrongSignature, (await CheckAsync(_issuer.Token(Audience, key: mine))).Fault);
        var header = new JsonObject
        {
            ["alg"] = "RS256",
            ["kid"] = "mine",
            ["jwk"] = mine.Published(),
            ["jku"] = "https://evil.example/keys",
        };
        Assert.Equal(TokenFault.UnknownKey, (await CheckAsync(mine.Sign(_issuer.Claims(Audience), header))).Fault);
    }

    [Fact]
    public async Task A_changed_letter_breaks_it()
    {
        var parts = _issuer.Token(Audience, new() { ["scope"] = "read" }).Split('.');
        var more = IssuerKey.Text(Encoding.UTF8.GetBytes(_issuer.Claims(Audience, new() { ["scope"] = "billing" }).ToJsonString()));
        Assert.Equal(TokenFault.WrongSignature, (await CheckAsync($"{parts[0]}.{more}.{parts[2]}")).Fault);
        Assert.Equal(TokenFault.WrongSignature, (await CheckAsync($"{parts[0]}.{parts[1]}.{parts[2][..^8]}AAAAAAAA")).Fault);
        Assert.Equal(TokenFault.WrongSignature, (await CheckAsync($"{parts[0]}.{parts[1]}.AAAA")).Fault);
    }

    [Fact]
    public async Task Without_a_key_id_the_only_key_of_its_kind_is_meant_and_two_are_too_many()
    {
        var header = new JsonObject { ["alg"] = "RS256" };
        Assert.Null((await CheckAsync(_issuer.Key.Sign(_issuer.Claims(Audience), (JsonObject)header.DeepClone()))).Fault);
        var number = _issuer.Key.Sign(_issuer.Claims(Audience), new() { ["alg"] = "RS256", ["kid"] = 7 });
        Assert.Equal(TokenFault.Malformed, (await CheckAsync(number)).Fault);
        var second = _issuer.Roll();
        var fresh = new TokenChecker(new IssuerKeys(_client, TimeProvider.System, NullLogger<IssuerKeys>.Instance), TimeProvider.System);
        Assert.Equal(TokenFault.UnknownKey, (await fresh.CheckAsync(second.Sign(_issuer.Claims(Audience), header), Demand, default)).Fault);
    }

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"#","crit":["exp"]}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"RS256","kid":"#","crit":[]}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"RS256","kid":"#","b64":false}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"RS256","kid":"#","zip":"DEF"}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"RS256","kid":"#","typ":"secevent+jwt"}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"RS256","kid":"#","typ":7}""", TokenFault.NotAccepted)]
    [InlineData("""{"kid":"#"}""", TokenFault.NotAccepted)]
    [InlineData("""{"alg":"none","alg":"RS256","kid":"#"}""", TokenFault.Malformed)]
    [InlineData("""{"alg":"RS256","kid":"#","a":[[[[[[1]]]]]]}""", TokenFault.Malformed)]
    [InlineData("""["RS256"]""", TokenFault.Malformed)]
    [InlineData("""{"alg":"RS256","kid":"#"} {}""", TokenFault.Malformed)]
    [InlineData("", TokenFault.Malformed)]
    public async Task A_header_that_is_not_understood_is_refused_however_well_signed(string header, object expected)
    {
        var named = header.Replace("#", _issuer.Key.Id, StringComparison.Ordinal);
        var token = _issuer.Key.SignRaw(named, _issuer.Claims(Audience).ToJsonString());
        Assert.Equal(expected, (await CheckAsync(token)).Fault);
    }

    [Fact]
    public async Task Claims_that_are_not_understood_are_refused_however_well_signed()
    {
        var header = $$"""{"alg":"RS256","kid":"{{_issuer.Key.Id}}"}""";
        var good = _issuer.Claims(Audience).ToJsonString();
        foreach (var claims in new[]
        {
            good.Replace("{", """{"sub":"other",""", StringComparison.Ordinal), // twice
            good[..^1], "[]", "null", $"[{good}]", good + "x",
            good.Replace("}", $",\"deep\":{new string('[', 20)}{new string(']', 20)}}}", StringComparison.Ordinal),
        })
        {
            Assert.Equal(TokenFault.Malformed, (await CheckAsync(_issuer.Key.SignRaw(header, claims))).Fault);
        }
    }

    [Fact]
    public async Task There_is_one_spelling_of_a_token()
    {
        var token = _issuer.Token(Audience);
        var parts = token.Split('.');
        foreach (var other in new[]
        {
            "", ".", "..", "a.b", token + ".x", " " + token, token + "\n", token + "=", $"{parts[0]} .{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}AAA", token.Replace('-', '+').Replace('_', '/') + "+", $"{parts[0]}..{parts[2]}",
            $"{parts[0]}.{parts[1]}é.{parts[2]}",
        })
        {
            Assert.Equal(TokenFault.Malformed, (await CheckAsync(other)).Fault);
        }

        var huge = _issuer.Token(Audience, new() { ["x"] = new string('x', TokenChecker.LengthMax) });
        Assert.Equal(TokenFault.Malformed, (await CheckAsync(huge)).Fault);
        Assert.Equal(0, _issuer.KeyRequests); // nothing of this was worth asking the issuer
    }

    private Task<TokenVerdict> CheckAsync(string token) => _checker.CheckAsync(token, Demand, TestContext.Current.CancellationToken);

    private async Task AssertGoodAsync(JsonObject claims) => Assert.Null((await CheckAsync(_issuer.Token(Audience, claims))).Fault);

    private async Task AssertFaultAsync(object expected, JsonObject claims) =>
        Assert.Equal(expected, (await CheckAsync(_issuer.Token(Audience, claims))).Fault);
}
