using System.Text;
using BillingPortal.Webhooks;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Genuine calls of Twilio's in all their forms are kept once and answered with TwiML.</summary>
public sealed class TwilioWebhookTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private const string Nothing = """<?xml version="1.0" encoding="UTF-8"?><Response />""";

    private static readonly Dictionary<string, Func<TwilioCall, TwilioCall>> Forms = new()
    {
        ["plain"] = call => call,
        ["with the port"] = call => call with { Signature = call.SignedFor("https://portal.example:443" + call.Target) },
        ["with a query"] = call => call with { Query = "?message=0199-1&x=%2F%20+" },
        ["with parameters that nobody knows"] = call => call.And("zNew", "1").And("ANew", "ä €").And("", "x"),
        ["a parameter twice"] = call => call.And("MediaUrl", "b").And("MediaUrl", "a").And("MediaUrl", "b"),
        ["an empty value"] = call => call.And("ErrorCode", ""),
        ["in another order"] = call => (call with { Fields = [.. call.Fields.Reverse()] }).SignedAs(call),
        ["JSON with its hash"] = call => call.AsJson(),
        ["a form with its hash"] = call => call with
        {
            Query = "?bodySHA256=" + BillingPortal.Providers.Sms.TwilioSignature.HashOf(Encoding.UTF8.GetBytes(call.Form)),
        },
        ["plus and lower-case percent"] = call => call with
        {
            Bytes = Encoding.ASCII.GetBytes(call.Form.Replace("%20", "+", StringComparison.Ordinal).ToLowerPercent()),
        },
        ["raw UTF-8"] = call => call.And("Name", "ä😀") with { Bytes = Encoding.UTF8.GetBytes(call.Form + "&Name=ä😀") },
        ["of no told length"] = call => call with { IsChunked = true },
        ["control characters, HTML, right to left"] =
            call => call.And("Name", "<b>\u0000\u0001\u202E‮שלום</b> '; DROP TABLE tenants; --" + new string('x', 1600)),
    };

    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        foreach (var path in new[] { "sms", "status", "voice" })
        {
            foreach (var name in Forms.Keys)
            {
                table.Add($"/api/webhooks/twilio/{path}", name);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task It_is_kept_once_and_answered(string path, string name)
    {
        var isCall = path.EndsWith("/voice", StringComparison.Ordinal);
        var sid = TwilioPortal.NewSid(isCall ? "CA" : "SM");
        var call = Forms[name](TwilioPortal.Genuine(path, sid, to: "+19995550123"));

        var first = await portal.SendAsync(call);
        var again = await portal.SendAsync(call);

        Assert.Equal((200, Nothing, "text/xml"), first);
        Assert.Equal(first, again);
        var row = Assert.Single(await portal.RowsAsync(sid));
        Assert.Equal(
            path[^3..] switch
            {
                "sms" => ("sms.inbound", sid),
                "tus" => ("sms.status", $"{sid}:delivered"),
                _ => ("voice.status", $"{sid}:completed"),
            },
            (row.Type, row.EventId));
        Assert.Equal((sid, EventSource.Webhook), (row.ObjectId, row.Source));
    }

    [Fact]
    public async Task A_GET_is_as_good_as_a_POST()
    {
        var sid = TwilioPortal.NewSid("CA");
        var call = TwilioPortal.Genuine("/api/webhooks/twilio/voice", sid, to: "+19995550123");

        var answer = await portal.SendAsync(call with { Method = "GET", Query = "?" + call.Form });

        Assert.Equal((200, Nothing, "text/xml"), answer);
        Assert.Single(await portal.RowsAsync(sid));
    }

    [Fact]
    public async Task Eight_at_the_same_time_are_one()
    {
        var sid = TwilioPortal.NewSid("SM");
        var call = TwilioPortal.Genuine("/api/webhooks/twilio/status", sid);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => portal.SendAsync(call)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(await portal.RowsAsync(sid));
    }

    [Fact]
    public async Task What_is_about_nobody_of_ours_is_ignored()
    {
        var sid = TwilioPortal.NewSid("CA");

        await portal.SendAsync(TwilioPortal.Genuine("/api/webhooks/twilio/voice", sid, to: "+19995550123"));

        Assert.Equal(EventState.Ignored, Assert.Single(await portal.SettledAsync(sid)).State);
        Assert.Null(await portal.CallAsync(sid));
    }
}

/// <summary>Spellings that mean the same.</summary>
internal static class PercentSpelling
{
    /// <summary>%2F as %2f.</summary>
    public static string ToLowerPercent(this string form) => System.Text.RegularExpressions.Regex.Replace(
        form, "%[0-9A-F]{2}", match => match.Value.ToLowerInvariant());
}
