using System.Net;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Numbers are searched, bought, changed and released as at Twilio.</summary>
public sealed class TwilioNumberTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();

    private SandboxTwilio Twilio => _sandbox.Twilio;

    public async ValueTask InitializeAsync() => await _sandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_sold_number_leaves_the_shop_and_a_released_one_returns()
    {
        var offered = Numbers(await SearchAsync("US", "AreaCode=415&SmsEnabled=true&PageSize=5"));
        Assert.Equal(5, offered.Count);

        var bought = await Twilio.PostAsync("IncomingPhoneNumbers.json", ("PhoneNumber", offered[0]));
        var again = await Twilio.PostAsync("IncomingPhoneNumbers.json", ("PhoneNumber", offered[0]));
        var without = Numbers(await SearchAsync("US", "AreaCode=415&PageSize=5"));
        var released = await Twilio.DeleteAsync($"IncomingPhoneNumbers/{bought.Sid}.json");
        var back = Numbers(await SearchAsync("US", "AreaCode=415&PageSize=5"));

        Assert.Equal(HttpStatusCode.Created, bought.Status);
        Assert.Matches("^PN[0-9a-f]{32}$", bought.Sid);
        Assert.Equal((HttpStatusCode.BadRequest, 21422), (again.Status, again.Code));
        Assert.DoesNotContain(offered[0], without);
        Assert.Equal((HttpStatusCode.NoContent, ""), (released.Status, released.Body));
        Assert.Equal(offered, back);
        Assert.Equal(20404, (await Twilio.DeleteAsync($"IncomingPhoneNumbers/{bought.Sid}.json")).Code);
    }

    [Theory]
    [InlineData("US", "+1", true)]
    [InlineData("CA", "+1", true)]
    [InlineData("GB", "+44", false)]
    [InlineData("DE", "+49", false)]
    [InlineData("FR", "+33", false)]
    [InlineData("AU", "+61", false)]
    public async Task Every_country_has_stock_in_many_towns(string country, string prefix, bool isAllForSms)
    {
        var all = (await SearchAsync(country, "PageSize=40")).Json["available_phone_numbers"]!.AsArray();

        Assert.Equal(40, all.Count);
        Assert.All(all, one => Assert.StartsWith(prefix, (string)one!["phone_number"]!, StringComparison.Ordinal));
        Assert.All(all, one => Assert.Equal(country, (string)one!["iso_country"]!));
        Assert.Equal(isAllForSms, all.All(one => (bool)one!["capabilities"]!["SMS"]!));
        Assert.Equal(all.Count, all.Select(one => (string)one!["phone_number"]!).Distinct().Count());
        var forSms = (await SearchAsync(country, "SmsEnabled=true")).Json["available_phone_numbers"]!.AsArray();
        Assert.All(forSms, one => Assert.True((bool)one!["capabilities"]!["SMS"]!));
    }

    [Fact]
    public async Task A_search_is_narrowed_by_digits_and_letters()
    {
        var nine = Numbers(await SearchAsync("US", "AreaCode=212&Contains=55501*9"));
        var letters = Numbers(await SearchAsync("US", "AreaCode=628&Contains=JJJ0100"));

        Assert.Equal(10, nine.Count);
        Assert.All(nine, one => Assert.Matches("^\\+121255501[0-9]9$", one));
        Assert.Equal(["+16285550100"], letters);
        Assert.Empty(Numbers(await SearchAsync("DE", "AreaCode=999")));
        Assert.Equal(20404, (await SearchAsync("XX", "")).Code);
    }

    [Theory]
    [InlineData("PhoneNumber", "+15005550000", 21422)]
    [InlineData("PhoneNumber", "+15005550001", 21421)]
    [InlineData("PhoneNumber", "hello", 21421)]
    [InlineData("PhoneNumber", "+99912345678", 21422)]
    [InlineData("AreaCode", "099", 21452)]
    [InlineData("FriendlyName", "x", 21421)]
    public async Task What_cannot_be_bought_is_refused(string name, string value, int code) =>
        Assert.Equal(code, (await Twilio.PostAsync("IncomingPhoneNumbers.json", (name, value))).Code);

    [Fact]
    public async Task Addresses_are_set_cleared_and_checked()
    {
        var bought = await Twilio.PostAsync(
            "IncomingPhoneNumbers.json", ("AreaCode", "312"), ("SmsUrl", "https://portal.example/sms"),
            ("VoiceUrl", "https://portal.example/voice"));
        var path = $"IncomingPhoneNumbers/{bought.Sid}.json";
        var changed = await Twilio.PostAsync(path, ("SmsUrl", ""), ("FriendlyName", "Front desk"));
        var refused = await Twilio.PostAsync(path, ("VoiceUrl", "nonsense"));
        var found = await Twilio.GetAsync(path);
        var listed = await Twilio.GetAsync(
            $"IncomingPhoneNumbers.json?PhoneNumber={Uri.EscapeDataString(bought.Text("phone_number")!)}");

        Assert.Equal("https://portal.example/sms", bought.Text("sms_url"));
        Assert.Equal(("", "Front desk"), (changed.Text("sms_url"), changed.Text("friendly_name")));
        Assert.Equal(21402, refused.Code);
        Assert.Equal("https://portal.example/voice", found.Text("voice_url"));
        Assert.True((bool)found.Json["capabilities"]!["sms"]!);
        Assert.Equal(bought.Sid, (string)Assert.Single(listed.Json["incoming_phone_numbers"]!.AsArray())!["sid"]!);
        Assert.Equal(20404, (await Twilio.GetAsync("IncomingPhoneNumbers/PN1.json")).Code);
    }

    // Two buyers at once: one gets it, the other is told so.
    [Fact]
    public async Task One_number_is_sold_once()
    {
        var buyers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Twilio.PostAsync("IncomingPhoneNumbers.json", ("PhoneNumber", "+13055550150"))));

        Assert.Single(buyers, one => one.Status == HttpStatusCode.Created);
        Assert.Equal(7, buyers.Count(one => one.Code == 21422));
    }

    private Task<TwilioReply> SearchAsync(string country, string query) =>
        Twilio.GetAsync($"AvailablePhoneNumbers/{country}/Local.json?{query}");

    private static List<string> Numbers(TwilioReply reply) =>
        [.. reply.Json["available_phone_numbers"]!.AsArray().Select(one => (string)one!["phone_number"]!)];
}
