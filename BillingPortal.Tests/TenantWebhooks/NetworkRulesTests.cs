using System.Net;
using BillingPortal.TenantWebhooks.Network;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>Which addresses may be called at all.</summary>
public sealed class NetworkRulesTests
{
    private static readonly NetworkRules Public = new([]);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")] // a cloud's metadata
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")] // a cloud's host
    [InlineData("169.254.169.254")] // clouds' metadata
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")] // a cloud's metadata
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.9")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")] // IPv4-compatible
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")] // NAT64
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")] // Teredo
    [InlineData("2001:10::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")] // 6to4
    [InlineData("2002:808:808::1")]
    [InlineData("2606:4700::5efe:10.0.0.1")] // ISATAP
    [InlineData("2606:4700::200:5efe:10.0.0.1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")] // a cloud's metadata
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Inner_and_reserved_addresses_are_refused(string address) => Assert.False(Public.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:82a::200e")]
    public void Public_addresses_are_allowed(string address) => Assert.True(Public.Allows(IPAddress.Parse(address)));

    [Fact]
    public void What_the_operator_allows_is_allowed_and_nothing_beside_it()
    {
        var rules = new NetworkRules(["10.1.0.0/16", "::1/128"]);

        Assert.True(rules.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(rules.Allows(IPAddress.IPv6Loopback));
        Assert.False(rules.Allows(IPAddress.Parse("10.2.0.1")));
        Assert.False(rules.Allows(IPAddress.Loopback));
        Assert.False(rules.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
    }

    [Theory]
    [InlineData("https://example.com/hooks", null)]
    [InlineData(" https://example.com:8443/a?b=c ", null)]
    [InlineData("https://8.8.8.8/x", null)]
    [InlineData("http://example.com/hooks", "https://")]
    [InlineData("https://user:pass@example.com/", "user name")]
    [InlineData("https://example.com/#part", "#")]
    [InlineData("https://example.com:22/", "Port 22")]
    [InlineData("https://example.com:80/", "Port 80")]
    [InlineData("https://localhost/", "private")]
    [InlineData("https://api.localhost./", "private")]
    [InlineData("https://127.0.0.1:8080/", "private")]
    [InlineData("https://2130706433/", "private")] // 127.0.0.1 in one number
    [InlineData("https://0x7f.1/", "private")]
    [InlineData("https://0177.0.0.1/", "private")]
    [InlineData("https://[::1]/", "private")]
    [InlineData("https://[::ffff:10.0.0.1]/", "private")]
    [InlineData("https://169.254.169.254/latest/meta-data", "private")]
    [InlineData("https://intranet/", "full name")]
    [InlineData("https:///x", "full address")]
    [InlineData("ftp://example.com/", "full address")]
    [InlineData("javascript:alert(1)", "full address")]
    [InlineData("example.com", "full address")]
    [InlineData("", "Enter the address")]
    public void An_endpoints_address_is_judged_in_plain_words(string text, string? fault)
    {
        var (url, found) = new EndpointAddress(Public, allowsHttp: false).Judge(text);

        Assert.Equal(fault is null, url is not null);
        Assert.Contains(fault ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void In_development_http_and_allowed_networks_may_be_called()
    {
        var addresses = new EndpointAddress(WebhookWorld.Rules, allowsHttp: true);

        Assert.Null(addresses.Judge("http://localhost:5000/hooks").Fault);
        Assert.Null(addresses.Judge("http://receiver:8080/hooks").Fault);
        Assert.Null(addresses.Judge("http://example.com/hooks").Fault);
        Assert.NotNull(addresses.Judge("http://10.0.0.1/hooks").Fault);
    }
}
