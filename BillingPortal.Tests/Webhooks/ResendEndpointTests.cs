using System.Net;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Webhooks;
using static BillingPortal.Tests.Webhooks.SvixSigner;

namespace BillingPortal.Tests.Webhooks;

/// <summary>What Resend's webhook address lets in, and what it keeps of the rest: nothing.</summary>
public sealed class ResendEndpointTests(WebhookPortal portal) : IClassFixture<WebhookPortal>
{
    private readonly string _id = $"msg_{Ids.New():N}";

    /// <summary>Each row spoils a good call in one way.</summary>
    public static TheoryData<string, Action<Call>> Spoilt => new()
    {
        { "no id", call => call.Headers.Remove("svix-id") },
        { "no time", call => call.Headers.Remove("svix-timestamp") },
        { "no signature", call => call.Headers.Remove("svix-signature") },
        { "an empty signature", call => call.Headers["svix-signature"] = "" },
        { "another id", call => call.Headers["svix-id"] += "x" },
        { "an id with a line feed's escape", call => call.SignAs("msg_%0a") },
        { "an id of 300 letters", call => call.SignAs(new string('m', 300)) },
        { "another second", call => call.Headers["svix-timestamp"] = $"{call.Seconds + 1}" },
        { "a time in words", call => call.Headers["svix-timestamp"] = "now" },
        { "a negative time", call => call.Headers["svix-timestamp"] = $"-{call.Seconds}" },
        { "a time with a plus", call => call.Headers["svix-timestamp"] = $"+{call.Seconds}" },
        { "a time with a zero in front", call => call.Headers["svix-timestamp"] = $"0{call.Seconds}" },
        { "a time with a fraction", call => call.Headers["svix-timestamp"] = $"{call.Seconds}.0" },
        { "a time beyond 64 bits", call => call.Headers["svix-timestamp"] = "99999999999999999999" },
        { "five minutes and two seconds old", call => call.SignAt(-302) },
        { "five minutes and two seconds ahead", call => call.SignAt(302) },
        { "a year old", call => call.SignAt(-31_536_000) },
        { "another secret", call => call.SignWith("c29tZWJvZHkgZWxzZQ=="u8) },
        { "the secret as text", call => call.SignWith(Encoding.UTF8.GetBytes(Secret)) },
        { "the secret undecoded", call => call.SignWith(Encoding.UTF8.GetBytes(Secret["whsec_".Length..])) },
        { "an empty key", call => call.SignWith([]) },
        { "version 2", call => call.Headers["svix-signature"] = "v2" + call.Signature[2..] },
        { "no version", call => call.Headers["svix-signature"] = call.Signature[3..] },
        { "half a signature", call => call.Headers["svix-signature"] = call.Signature[..20] },
        { "no base64", call => call.Headers["svix-signature"] = "v1,????" },
        { "hexadecimal", call => call.Headers["svix-signature"] = "v1," + new string('a', 64) },
        { "signatures joined by commas", call => call.Headers["svix-signature"] = $"{call.Signature},{call.Signature}" },
        { "5,000 letters of signature", call => call.Headers["svix-signature"] = $"{new string('x', 5000)} {call.Signature}" },
        { "a space behind the body", call => call.Body = [.. call.Body, (byte)' '] },
        { "one letter changed", call => call.Body[^5] ^= 1 },
        { "an empty body", call => call.Body = [] },
        { "signed, but empty", call => call.Become("") },
        { "signed, but no JSON", call => call.Become("email.bounced") },
        { "signed, but a list", call => call.Become("[]") },
        { "signed, but without a type", call => call.Become("{}") },
        { "signed, with a number for a type", call => call.Become("""{"type":1}""") },
        { "signed, with U+0000 in its type", call => call.Become("""{"type":"email\u0000"}""") },
        { "signed, but no UTF-8", call => call.Become([0x7B, 0xC3, 0x28, 0x7D]) },
        { "signed, but above 256 KiB", call => call.Become(Event("email.sent", more: $",\"x\":\"{new string('a', 262_144)}\"")) },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_forged_or_malformed_call_is_refused_and_kept_nowhere(string what, Action<Call> spoil)
    {
        var call = new Call(_id, portal.Now);
        spoil(call);

        Assert.True(await SendAsync(call) is HttpStatusCode.BadRequest, what);
        Assert.Empty(await portal.RowsAsync(call.Headers.GetValueOrDefault("svix-id", _id)));
        Assert.Empty(await portal.RowsAsync(_id));
    }

    [Fact]
    public async Task A_signed_event_is_kept_whole_and_once()
    {
        var call = new Call(_id, portal.Now);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(call)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        var row = Assert.Single(await portal.RowsAsync(_id));
        Assert.Equal(("resend", "contact.created", Encoding.UTF8.GetString(call.Body)), (row.Provider, row.Type, row.Body));
    }

    [Theory]
    [InlineData(-290)]
    [InlineData(290)]
    public async Task Within_five_minutes_clocks_may_differ(int seconds)
    {
        var call = new Call(_id, portal.Now);
        call.SignAt(seconds);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(call));
    }

    [Fact]
    public async Task While_a_secret_is_rolled_both_are_good_beside_any_other_version_or_secret()
    {
        foreach (var (number, secrets) in new string[][] { [NewSecret], [Secret], ["whsec_b3RoZXI=", Secret] }.Index())
        {
            var call = new Call($"{_id}.{number}", portal.Now);
            call.Headers = Headers($"{_id}.{number}", portal.Now, call.Body, secrets);
            call.Headers["svix-signature"] = "v1a,AAAA " + call.Headers["svix-signature"] + " v9,?";

            Assert.Equal(HttpStatusCode.OK, await SendAsync(call));
        }
    }

    [Theory]
    [InlineData("contact.created")]
    [InlineData("email.opened")]
    [InlineData("email.delivered")]
    public async Task What_means_nothing_here_or_is_about_no_mail_of_ours_is_ignored(string type)
    {
        var emailId = Ids.New().ToString();
        var call = new Call(_id, portal.Now);
        call.Become(Event(type, emailId));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(call));

        var rows = await portal.UntilAsync(emailId, rows => rows.Exists(row => row.State is not EventState.Pending));
        Assert.Equal(EventState.Ignored, Assert.Single(rows).State);
    }

    private Task<HttpStatusCode> SendAsync(Call call) => portal.PostAsync(
        SvixSigner.Path, call.Body, call.Headers.Select(header => (header.Key, header.Value)));

    /// <summary>A good call, until it is spoilt.</summary>
    public sealed class Call
    {
        private readonly DateTimeOffset _now;
        private string _id;

        public Call(string id, DateTimeOffset now)
        {
            (_id, _now, Body) = (id, now, Encoding.UTF8.GetBytes(Event("contact.created")));
            Headers = SvixSigner.Headers(id, now, Body, Secret);
        }

        public byte[] Body { get; set; }

        public Dictionary<string, string> Headers { get; set; }

        public long Seconds => _now.ToUnixTimeSeconds();

        public string Signature => Headers["svix-signature"];

        public void SignAs(string id) => Headers = SvixSigner.Headers(_id = id, _now, Body, Secret);

        public void SignAt(int seconds) => Headers = SvixSigner.Headers(_id, _now.AddSeconds(seconds), Body, Secret);

        public void SignWith(ReadOnlySpan<byte> key) =>
            Headers["svix-signature"] = SvixSigner.SignWith(key.ToArray(), _id, $"{Seconds}", Body);

        public void Become(string body) => Become(Encoding.UTF8.GetBytes(body));

        public void Become(byte[] body) => (Body, Headers) = (body, SvixSigner.Headers(_id, _now, body, Secret));
    }
}
