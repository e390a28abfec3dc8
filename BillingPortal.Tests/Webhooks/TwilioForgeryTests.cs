using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BillingPortal.Tests.Webhooks;

/// <summary>
/// Calls that are not Twilio's, not whole, or not about our account: each is answered with 400 and its code, and leaves
/// nothing anywhere.
/// </summary>
public sealed class TwilioForgeryTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private const string Bad = "invalid_signature";
    private const string Incomplete = "incomplete_event";

    private static readonly string[] Paths =
        ["/api/webhooks/twilio/sms", "/api/webhooks/twilio/status", "/api/webhooks/twilio/voice"];

    private static readonly Dictionary<string, (string Code, Func<TwilioCall, TwilioCall> Change)> Signatures = new()
    {
        ["no signature"] = (Bad, call => call with { Signature = null }),
        ["signature of spaces"] = (Bad, call => call with { Signature = "   " }),
        ["truncated signature"] = (Bad, call => call with { Signature = call.Signature![..20] }),
        ["signature with a space inside"] = (Bad, call => call with { Signature = call.Signature!.Insert(14, " ") }),
        ["signature in lower case"] = (Bad, call => call with { Signature = call.Signature!.ToLowerInvariant() }),
        ["signature in hex"] = (Bad, call => call with
        {
            Signature = Convert.ToHexString(Convert.FromBase64String(call.Signature!)),
        }),
        ["no base64"] = (Bad, call => call with { Signature = "!!!!!!!!!!!!!!!!!!!!!!!!!!!=" }),
        ["two signatures"] = (Bad, call => call with { Signature = $"{call.Signature}, {call.Signature}" }),
        ["very long signature"] = (Bad, call => call with { Signature = new string('A', 5000) }),
        ["zeros"] = (Bad, call => call with { Signature = Convert.ToBase64String(new byte[20]) }),
        ["other token"] = (Bad, call => call with { Signature = call.SignedFor(TwilioPortal.PublicUrl + call.Target, "guessed") }),
        ["no token"] = (Bad, call => call with { Signature = call.SignedFor(TwilioPortal.PublicUrl + call.Target, "") }),
        ["SHA-256 instead of SHA-1"] = (Bad, call => call with
        {
            Signature = Convert.ToBase64String(HMACSHA256.HashData(
                Encoding.UTF8.GetBytes(TwilioPortal.Token), Encoding.UTF8.GetBytes(TwilioPortal.PublicUrl + call.Target))),
        }),
        ["other scheme"] = (Bad, call => call with { Signature = call.SignedFor("http://portal.example" + call.Target) }),
        ["other host"] = (Bad, call => call with { Signature = call.SignedFor("https://portal.example.org" + call.Target) }),
        ["host of the request"] = (Bad, call => call with { Signature = call.SignedFor("http://127.0.0.1" + call.Target) }),
        ["other port"] = (Bad, call => call with { Signature = call.SignedFor("https://portal.example:8443" + call.Target) }),
        ["other path"] = (Bad, call => call with { Signature = call.SignedFor("https://portal.example/api/webhooks/twilio/other") }),
        ["slash at the end"] = (Bad, call => call with { Signature = call.SignedFor(TwilioPortal.PublicUrl + call.Path + "/") }),
    };

    private static readonly Dictionary<string, (string Code, Func<TwilioCall, TwilioCall> Change)> Parameters = new()
    {
        ["query added"] = (Bad, call => (call with { Query = "?message=1" }).SignedAs(call)),
        ["query taken away"] = (Bad, call => call.SignedAs(call with { Query = "?message=1" })),
        ["query in another order"] = (Bad, call => (call with { Query = "?b=2&a=1" }).SignedAs(call with { Query = "?a=1&b=2" })),
        ["parameter changed"] = (Bad, call => call.With("From", "+15551239999").SignedAs(call)),
        ["parameter added"] = (Bad, call => call.And("Extra", "1").SignedAs(call)),
        ["parameter taken away"] = (Bad, call => call.Without("ApiVersion").Without("NumMedia").SignedAs(call)),
        ["parameter repeated with another value"] = (Bad, call => call.And("To", "+15559990000").SignedAs(call)),
        ["name in another case"] = (Bad, call => (call with
        {
            Fields = [.. call.Fields.Select(field => (field.Name == "To" ? "to" : field.Name, field.Value))],
        }).SignedAs(call)),
        ["space trimmed"] = (Bad, call => call.And("Name", "a").SignedAs(call.And("Name", "a "))),
        ["empty value left out"] = (Bad, call => call.SignedAs(call.And("Name", "").And("Other", "1"))),
        ["empty body of a signed one"] = (Bad, call => (call with { Bytes = [] }).SignedAs(call)),
        ["empty body, signed"] = (Bad, call => call with { Fields = [] }),
    };

    private static readonly Dictionary<string, (string Code, Func<TwilioCall, TwilioCall> Change)> Bodies = new()
    {
        ["plain text"] = (Bad, call => call with { ContentType = "text/plain" }),
        ["no content type"] = (Bad, call => call with { ContentType = null }),
        ["multipart"] = (Bad, call => call with { ContentType = "multipart/form-data; boundary=x" }),
        ["JSON without its hash"] = (Bad, call => call.AsJson() with { Query = "" }),
        ["JSON with another hash"] = (Bad, call => call.AsJson(hash: right => new string('0', right.Length))),
        ["JSON with its hash in upper case"] = (Bad, call => call.AsJson(hash: right => right.ToUpperInvariant())),
        ["JSON changed"] = (Bad, call => call.AsJson() with { Bytes = "{}"u8.ToArray() }),
        ["JSON that is a list"] = (Bad, call => call.AsJson("[1]")),
        ["JSON with half a character"] = (Bad, call => call.AsJson("""{"MessageSid":"\ud83d"}""")),
        ["no JSON"] = (Bad, call => call.AsJson("not json")),
        ["form with another hash"] = (Bad, call => call with { Query = "?bodySHA256=00" }),
        ["percent and no hex"] = (Bad, call => call with { Bytes = Encoding.ASCII.GetBytes(call.Form + "&Name=%zz") }),
        ["percent at the end"] = (Bad, call => call with { Bytes = Encoding.ASCII.GetBytes(call.Form + "&Name=%4") }),
        ["overlong encoding"] = (Bad, call => call with { Bytes = Encoding.ASCII.GetBytes(call.Form + "&Name=%C0%AF") }),
        ["half a surrogate pair"] = (Bad, call => call with { Bytes = Encoding.ASCII.GetBytes(call.Form + "&Name=%ED%A0%80") }),
        ["bytes that are no text"] = (Bad, call => call with { Bytes = [.. Encoding.ASCII.GetBytes(call.Form), 0xFF, 0xFE] }),
        ["above 256 KiB"] = ("body_too_large", call => call.And("Name", new string('a', 256 * 1024))),
        ["above 256 KiB of no told length"] =
            ("body_too_large", call => call.And("Name", new string('a', 256 * 1024)) with { IsChunked = true }),
    };

    private static readonly Dictionary<string, (string Code, Func<TwilioCall, TwilioCall> Change)> Signed = new()
    {
        ["other account, signed"] = (Bad, call => call.With("AccountSid", "AC" + new string('1', 32))),
        ["no account, signed"] = (Bad, call => call.Without("AccountSid")),
        ["two accounts, signed"] = (Bad, call => call.And("AccountSid", "AC" + new string('1', 32))),
        ["account in the address too"] = (Bad, call => call with { Query = "?AccountSid=AC" + new string('1', 32) }),
        ["a POST's signature under a GET"] = (Bad, call => (call with { Method = "GET" }).SignedAs(call)),
        ["no id, signed"] = (Incomplete, call => call.Without(IdOf(call))),
        ["two ids, signed"] = (Incomplete, call => call.And(IdOf(call), TwilioPortal.NewSid("SM"))),
        ["short id, signed"] = (Incomplete, call => call.With(IdOf(call), call.Value(IdOf(call))[..20])),
        ["line break after the id, signed"] = (Incomplete, call => call.With(IdOf(call), call.Value(IdOf(call)) + "\n")),
        ["U+0000 in the id, signed"] = (Incomplete, call => call.With(IdOf(call), call.Value(IdOf(call))[..33] + "\0")),
        ["id of another kind, signed"] = (Incomplete, call => call.With(IdOf(call), TwilioPortal.NewSid("PN"))),
        ["markup for an id, signed"] = (Incomplete, call => call.With(IdOf(call), "<script>alert(1)</script>")),
        ["no status or sender, signed"] = (Incomplete, call => call.Without("From").Without("MessageStatus").Without("CallStatus")),
        ["control characters for status and number, signed"] =
            (Incomplete, call => call.With("MessageStatus", "sent\u0007").With("CallStatus", "\u001B[2J").With("To", "")),
    };

    private static readonly Dictionary<string, (string Code, Func<TwilioCall, TwilioCall> Change)> Cases =
        Signatures.Concat(Parameters).Concat(Bodies).Concat(Signed).ToDictionary();

    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        foreach (var path in Paths)
        {
            foreach (var name in Cases.Keys)
            {
                table.Add(path, name);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task It_is_refused_and_leaves_nothing(string path, string name)
    {
        var (tenant, number) = await TenantAsync();
        var sid = TwilioPortal.NewSid(path.EndsWith("/voice", StringComparison.Ordinal) ? "CA" : "SM");
        var (code, change) = Cases[name];

        var (status, text, contentType) = await portal.SendAsync(change(TwilioPortal.Genuine(path, sid, number)));

        Assert.Equal((400, "application/problem+json"), (status, contentType));
        Assert.Equal(code, JsonElement.Parse(text).GetProperty("code").GetString());
        Assert.DoesNotContain(sid, text, StringComparison.Ordinal);
        Assert.Empty(await portal.RowsAsync(sid));
        Assert.Null(await portal.CallAsync(sid));
        Assert.Equal(1000, (await portal.BalanceAsync(tenant)).Available.ToDecimal());
    }

    [Fact]
    public void The_table_has_at_least_thirty_calls_for_each_address() => Assert.True(Cases.Count >= 30);

    private static (BillingPortal.Tenants.Tenant Tenant, string Number)? _shared;

    // One tenant for the whole table: nothing may ever be taken from it.
    private async Task<(BillingPortal.Tenants.Tenant Tenant, string Number)> TenantAsync() =>
        _shared ??= await portal.TenantWithNumberAsync(balance: 1000);

    private static string IdOf(TwilioCall call) =>
        call.Path.EndsWith("/voice", StringComparison.Ordinal) ? "CallSid" : "MessageSid";
}
