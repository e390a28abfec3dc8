using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>Signatures that Twilio's own libraries publish, and the corners where libraries differ.</summary>
public sealed class TwilioSignatureTests
{
    private const string Token = "12345";
    private const string Address = "https://mycompany.com/myapp.php?foo=1&bar=2";

    private static readonly (string Name, string Value)[] Fields =
    [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
        ("To", "+18005551212"),
    ];

    // The example of Twilio's documentation, in the test suites of its libraries.
    [Fact]
    public void The_published_form_example() =>
        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", TwilioSignature.Of(Token, Address, Fields));

    // The same suites' example of a JSON body: its hash stands in the address, and the address alone is signed.
    [Fact]
    public void The_published_json_example()
    {
        var body = """{"property": "value", "boolean": true}"""u8.ToArray();

        Assert.Equal("0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620", TwilioSignature.HashOf(body));
        Assert.Equal(
            "a9nBmqA0ju/hNViExpshrM61xv4=",
            TwilioSignature.Of(Token, $"{Address}&bodySHA256={TwilioSignature.HashOf(body)}", []));
    }

    [Fact]
    public void Names_are_sorted_by_their_code_not_by_a_language()
    {
        (string, string)[] mixed = [("b", "1"), ("B", "2"), ("a_", "3"), ("aA", "4"), ("ä", "5"), ("z", "6")];
        (string, string)[] sorted = [("B", "2"), ("aA", "4"), ("a_", "3"), ("b", "1"), ("z", "6"), ("ä", "5")];

        Assert.Equal(
            TwilioSignature.Of(Token, "x" + string.Concat(sorted.Select(pair => pair.Item1 + pair.Item2)), []),
            TwilioSignature.Of(Token, "x", mixed));
    }

    // As the Node library does: distinct values, sorted, the name before each.
    [Fact]
    public void A_repeated_parameter_counts_with_its_distinct_values() => Assert.Equal(
        TwilioSignature.Of(Token, "xMediaUrla" + "MediaUrlb", []),
        TwilioSignature.Of(Token, "x", [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]));

    [Fact]
    public void Spaces_and_empty_values_are_part_of_the_text() => Assert.Equal(
        TwilioSignature.Of(Token, "xABody Hi ", []), TwilioSignature.Of(Token, "x", [("Body", " Hi "), ("A", "")]));

    [Theory]
    [InlineData("https://portal.example", "https://portal.example/x?a=1", true)]
    [InlineData("https://portal.example", "https://portal.example:443/x?a=1", true)]
    [InlineData("https://portal.example:443", "https://portal.example/x?a=1", true)]
    [InlineData("https://portal.example:8443", "https://portal.example:8443/x?a=1", true)]
    [InlineData("https://portal.example:8443", "https://portal.example/x?a=1", true)]
    [InlineData("https://portal.example:8443", "https://portal.example:443/x?a=1", false)]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/x?a=1", true)]
    [InlineData("http://portal.example", "http://portal.example:80/x?a=1", true)]
    [InlineData("http://portal.example", "https://portal.example/x?a=1", false)]
    [InlineData("https://portal.example/below", "https://portal.example/x?a=1", true)]
    [InlineData("https://portal.example", "https://portal.example/x", false)]
    [InlineData("https://portal.example", "https://portal.example/x?a=1#rc=2", false)]
    public void The_port_may_be_there_or_not_everything_else_must_be_as_called(string publicUrl, string address, bool fits)
    {
        (string, string)[] fields = [("AccountSid", SandboxDefaults.TwilioAccountSid), ("Body", "")];

        var (outcome, _) = Check(publicUrl).Read(new TwilioRequest(
            "POST", "/x?a=1", "application/x-www-form-urlencoded; charset=UTF-8",
            TwilioSignature.Of(SandboxDefaults.TwilioAuthToken, address, fields),
            System.Text.Encoding.ASCII.GetBytes($"AccountSid={SandboxDefaults.TwilioAccountSid}&Body=")));

        Assert.Equal(fits ? TwilioCheckOutcome.Valid : TwilioCheckOutcome.Forged, outcome);
    }

    [Fact]
    public void A_GET_says_everything_in_its_address()
    {
        var target = $"/x?AccountSid={SandboxDefaults.TwilioAccountSid}&Body=a%20b+c%C3%A4";

        var (outcome, form) = Check("https://portal.example").Read(new TwilioRequest(
            "GET", target, null,
            TwilioSignature.Of(SandboxDefaults.TwilioAuthToken, "https://portal.example" + target, []), []));

        Assert.Equal((TwilioCheckOutcome.Valid, "a b cä"), (outcome, form!.Text("Body")));
    }

    // The text is the same for A=bc and Ab=c; so a name that is looked for is simply not there.
    [Fact]
    public void Joined_names_and_values_can_be_cut_elsewhere_but_then_say_nothing()
    {
        Assert.Equal(
            TwilioSignature.Of(Token, "x", [("Body", "Hello")]), TwilioSignature.Of(Token, "x", [("BodyHel", "lo")]));
        Assert.Null(TwilioForm.Parse("BodyHel=lo")!.Text("Body"));
    }

    [Fact]
    public void What_is_kept_of_a_form_says_the_same_again()
    {
        var form = TwilioForm.Parse("Body=%00%F0%9F%98%80+%26%3D%2B%25&Empty=&Flag&&A=1&A=1&B=1&B=2")!;

        var again = TwilioForm.Parse(form.ToBody())!;

        Assert.Equal(form.Fields, again.Fields);
        Assert.Equal(
            ("\uFFFD😀 &=+%", "", "", "1", null),
            (again.Text("Body"), again.Text("Empty"), again.Text("Flag"), again.Text("A"), again.Text("B")));
        Assert.DoesNotContain('\0', form.ToBody());
    }

    private static TwilioRequestCheck Check(string publicUrl) => new(
        Options.Create(new TwilioOptions
        {
            AccountSid = SandboxDefaults.TwilioAccountSid,
            AuthToken = SandboxDefaults.TwilioAuthToken,
        }),
        Options.Create(new AppOptions { PublicUrl = new Uri(publicUrl) }));
}
