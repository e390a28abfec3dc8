using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Tenants.Tokens;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Tenants.Tokens;

/// <summary>How often issuers are asked, what of their answers is believed, and whom the portal never asks.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime
{
    private readonly IssuerClient _client = new(IssuerReach.Operator, TimeSpan.FromSeconds(2));
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private SmallIssuer _issuer = null!;
    private IssuerKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await SmallIssuer.StartAsync();
        _keys = new IssuerKeys(_client, _clock, NullLogger<IssuerKeys>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Fifty_who_ask_at_once_ask_the_issuer_once()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FindAsync()));

        Assert.All(found, keys => Assert.Single(keys));
        Assert.Equal((1, 1), (_issuer.DocumentRequests, _issuer.KeyRequests));
    }

    [Fact]
    public async Task A_rolled_key_is_found_after_a_minute_at_most_and_made_up_ones_ask_no_more_often()
    {
        Assert.Single(await FindAsync());
        _issuer.Roll();
        Assert.Empty(await FindAsync());
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(await _keys.FindAsync(new(_issuer.Issuer), $"made-up-{i}", TokenAlgorithm.RS256, default));
        }

        Assert.Equal(1, _issuer.KeyRequests);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await FindAsync());
        Assert.Equal(2, _issuer.KeyRequests);
    }

    [Fact]
    public async Task While_the_issuer_is_down_its_keys_stay_good_for_a_day_and_no_longer()
    {
        Assert.Single(await FindAsync());
        _issuer.IsDown = true;
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Single(await FindAsync());
        Assert.Empty(await _keys.FindAsync(new(_issuer.Issuer), "unknown", TokenAlgorithm.RS256, default));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await FindAsync());
        _issuer.IsDown = false;
        Assert.Empty(await FindAsync()); // asked less than a minute ago
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_key_taken_back_ends_with_the_next_look()
    {
        var old = _issuer.Key.Id;
        Assert.Single(await FindAsync());
        _issuer.Roll(takeBack: true);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await FindAsync());
        Assert.Empty(await _keys.FindAsync(new(_issuer.Issuer), old, TokenAlgorithm.RS256, default));
    }

    [Fact]
    public async Task An_issuer_that_calls_itself_otherwise_is_not_believed()
    {
        _issuer.CallsItself = _issuer.Issuer + "/";
        Assert.Empty(await FindAsync());
        var refused = await Assert.ThrowsAsync<IssuerException>(() => _client.DiscoverAsync(_issuer.Issuer, default));
        Assert.Equal(IssuerFault.AnotherIssuer, refused.Fault);
        Assert.Contains("not exactly", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_sound_keys_for_signatures_are_taken()
    {
        var (rsa, ec) = (IssuerKey.Rsa("a"), IssuerKey.Ec("b"));
        Assert.Equal(2, Take(rsa.Published(), ec.Published()));
        Assert.Equal(0, Take(IssuerKey.Rsa("weak", 1024).Published()));
        Assert.Equal(0, Take(IssuerKey.Ec("p384", ECCurve.NamedCurves.nistP384).Published()));
        Assert.Equal(0, Take(With(rsa, "use", "enc")));
        Assert.Equal(0, Take(With(rsa, "alg", "RS512")));
        Assert.Equal(0, Take(With(rsa, "alg", "ES256")));
        Assert.Equal(0, Take(With(rsa, "key_ops", new JsonArray("encrypt"))));
        Assert.Equal(0, Take(With(rsa, "e", "AQ")));
        Assert.Equal(0, Take(With(rsa, "n", (string)rsa.Published()["n"]! + "=")));
        Assert.Equal(0, Take(With(ec, "x", (string)ec.Published()["y"]!))); // beside the curve
        Assert.Equal(0, Take(new JsonObject { ["kty"] = "oct", ["k"] = "c2VjcmV0" }));
        Assert.Equal(0, Take());
        Assert.Null(TokenKey.SetOf("[]"u8.ToArray()));

        static JsonObject With(IssuerKey key, string name, JsonNode value)
        {
            var made = key.Published();
            made[name] = value;
            return made;
        }

        static int Take(params JsonNode[] keys) =>
            TokenKey.SetOf(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString()))!.Count;
    }

    [Fact]
    public async Task Redirects_silence_and_endless_answers_are_said_in_words()
    {
        await using var server = await ScriptedServer.StartAsync();
        var issuer = server.Address.ToString().TrimEnd('/');
        server.Then(302, "", ("Location", "http://127.0.0.1:1/")).Then(200, new string(' ', 300_000)).Then(404, "").Then(200, "<html>")
            .ThenSilence();

        Assert.Equal(IssuerFault.WrongStatus, await FaultAsync());
        Assert.Equal(IssuerFault.TooLong, await FaultAsync());
        Assert.Equal(IssuerFault.WrongStatus, await FaultAsync());
        Assert.Equal(IssuerFault.NoDocument, await FaultAsync());
        Assert.Equal(IssuerFault.Unreachable, await FaultAsync());
        Assert.Equal(5, server.Requests.Count);

        async Task<IssuerFault> FaultAsync() =>
            (await Assert.ThrowsAsync<IssuerException>(() => _client.DiscoverAsync(issuer, default))).Fault;
    }

    [Theory]
    [InlineData("https://127.0.0.1:9/", nameof(IssuerFault.PrivateAddress))]
    [InlineData("https://localhost:9", nameof(IssuerFault.PrivateAddress))]
    [InlineData("https://[::1]:9", nameof(IssuerFault.PrivateAddress))]
    [InlineData("https://169.254.169.254", nameof(IssuerFault.PrivateAddress))]
    [InlineData("https://[::ffff:10.0.0.1]", nameof(IssuerFault.PrivateAddress))]
    [InlineData("https://2130706433", nameof(IssuerFault.PrivateAddress))]
    [InlineData("http://issuer.example", nameof(IssuerFault.BadAddress))]
    [InlineData("https://user:word@issuer.example", nameof(IssuerFault.BadAddress))]
    [InlineData("https://issuer.example?x=", nameof(IssuerFault.BadAddress))]
    [InlineData("file:///etc/passwd", nameof(IssuerFault.BadAddress))]
    [InlineData("nonsense", nameof(IssuerFault.BadAddress))]
    public async Task What_a_tenant_names_never_leads_into_a_private_network(string issuer, string expected)
    {
        using var client = new IssuerClient(IssuerReach.Public);
        var refused = await Assert.ThrowsAsync<IssuerException>(() => client.DiscoverAsync(issuer, default));
        Assert.Equal(expected, refused.Fault.ToString());
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::", false)]
    public void The_internet_is_told_from_networks_of_ones_own(string address, bool expected) =>
        Assert.Equal(expected, PublicAddress.Is(IPAddress.Parse(address)));

    private Task<IReadOnlyList<TokenKey>> FindAsync() =>
        _keys.FindAsync(new IssuerSource(_issuer.Issuer), _issuer.Key.Id, TokenAlgorithm.RS256, TestContext.Current.CancellationToken);
}
