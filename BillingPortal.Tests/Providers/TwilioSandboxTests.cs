using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>The client against the sandbox's Twilio, over real HTTP.</summary>
public sealed class TwilioSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly Uri Callback = new("http://127.0.0.1:9/status");

    [Fact]
    public async Task A_sent_message_can_be_found_by_id_and_by_its_numbers()
    {
        using var twilio = Client();
        var (from, to) = (await sandbox.Twilio.OwnNumberAsync(), SandboxTwilio.NewHandset());
        var before = (await twilio.SendAsync(new OutgoingSms(from, to, "first", Callback))).Message!;
        var sent = (await twilio.SendAsync(new OutgoingSms(from, to, "Hello 😀 & <b>", Callback))).Message!;

        var found = await twilio.FindMessageAsync(sent.Sid);
        var list = await twilio.ListMessagesAsync(from, to, sent.CreatedAt.AddMinutes(-5));

        Assert.Equal((SmsStatus.Queued, "Hello 😀 & <b>", (decimal?)null), (sent.Status, sent.Body, sent.PriceUsd));
        Assert.Equal((sent.Sid, sent.Body, from, to), (found!.Sid, found.Body, found.From, found.To));
        Assert.Equal([sent.Sid, before.Sid], list.Select(message => message.Sid));
        Assert.Empty(await twilio.ListMessagesAsync(from, to, sent.CreatedAt.AddMinutes(5)));
        Assert.Null(await twilio.FindMessageAsync("SM" + new string('0', 32)));
    }

    [Theory]
    [InlineData("+15005550001", RefusalKind.InvalidTo)]
    [InlineData("+15005550002", RefusalKind.InvalidTo)]
    [InlineData("+15005550003", RefusalKind.NotPermitted)]
    [InlineData("+15005550004", RefusalKind.OptedOut)]
    [InlineData("+15005550009", RefusalKind.InvalidTo)]
    public async Task The_magic_numbers_refuse(string to, RefusalKind kind)
    {
        using var twilio = Client();

        var answer = await twilio.SendAsync(new OutgoingSms("+15005550006", to, "Hello", Callback));

        Assert.Equal(kind, answer.Refusal!.Kind);
    }

    [Theory]
    [InlineData("+15005550001", RefusalKind.InvalidFrom)]
    [InlineData("+15005550007", RefusalKind.InvalidFrom)]
    [InlineData("+15005550008", RefusalKind.QueueFull)]
    public async Task The_magic_senders_refuse(string from, RefusalKind kind)
    {
        using var twilio = Client();

        var answer = await twilio.SendAsync(new OutgoingSms(from, SandboxTwilio.NewHandset(), "Hello", Callback));

        Assert.Equal(kind, answer.Refusal!.Kind);
    }

    [Fact]
    public async Task A_number_is_found_for_sale_bought_once_silenced_and_released()
    {
        using var twilio = Client();
        var forSale = (await twilio.SearchNumbersAsync(new NumberSearch("US", "415", null, 3)))[0];
        var buy = new BuyNumber(
            forSale.PhoneNumber, new Uri("http://127.0.0.1:9/sms"), new Uri("http://127.0.0.1:9/voice"));

        var bought = (await twilio.BuyNumberAsync(buy)).Number!;
        var again = await twilio.BuyNumberAsync(buy);
        var found = await twilio.FindNumberAsync(forSale.PhoneNumber);
        await twilio.SetNumberUrlsAsync(bought.Sid, null, null);
        var silent = await twilio.FindNumberAsync(forSale.PhoneNumber);
        await twilio.ReleaseNumberAsync(bought.Sid);
        await twilio.ReleaseNumberAsync(bought.Sid);

        Assert.True(forSale.Capabilities.Sms);
        Assert.Equal((RefusalKind.NotAvailable, 21422), (again.Refusal!.Kind, again.Refusal.Code));
        Assert.Equal(bought, found);
        Assert.Equal((buy.SmsUrl, buy.VoiceUrl), (bought.SmsUrl, bought.VoiceUrl));
        Assert.Equal((null, null), (silent!.SmsUrl, silent.VoiceUrl));
        Assert.Null(await twilio.FindNumberAsync(forSale.PhoneNumber));
    }

    [Fact]
    public async Task A_call_tells_its_length()
    {
        using var twilio = Client();
        var number = await sandbox.Twilio.OwnNumberAsync();

        var sid = await sandbox.Twilio.CallAsync(SandboxTwilio.NewHandset(), number, seconds: 61);
        var call = await twilio.FindCallAsync(sid);

        Assert.Equal((CallStatus.Completed, 61, number), (call!.Status, call.DurationSeconds, call.To));
    }

    private TwilioClient Client() => new(
        Options.Create(new TwilioOptions
        {
            AccountSid = SandboxDefaults.TwilioAccountSid,
            AuthToken = SandboxDefaults.TwilioAuthToken,
            ApiBase = sandbox.TwilioBase,
        }),
        TimeProvider.System, NullLogger<TwilioClient>.Instance);
}
