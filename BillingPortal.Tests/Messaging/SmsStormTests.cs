using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Messaging;

/// <summary>Many sends at once through a provider in trouble, news in any order, sweeps in between: the books add up.</summary>
public sealed class SmsStormTests : IAsyncLifetime
{
    private const int Sends = 240;
    private const decimal Credits = 700;

    private static readonly string[] Faults =
        ["timeout_after", "error_after", "error", "disconnect", "rate_limit"];

    private readonly MessagingScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // 700 credits cover 140 messages; 240 are wanted, a third of them twice under one key.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_message_is_charged_once_or_not_at_all_whatever_goes_wrong(int seed)
    {
        var tenant = await _scene.TenantAsync(Credits);
        var optedOut = SandboxTwilio.NewHandset();
        await _scene.OptOuts.AddAsync(tenant.Id, tenant.Number, optedOut);
        await _scene.Sandbox.Twilio.OvertakeAnswersAsync(seed == 2);
        using var over = new CancellationTokenSource();
        var random = new Random(seed);
        var wishes = Enumerable.Range(0, Sends).Select(i => Wish(i, random, optedOut)).ToList();

        var trouble = TroubleAsync(new Random(seed + 100), over.Token);
        var news = NewsAsync(new Random(seed + 200), over.Token);
        var sweeps = SweepsAsync(over.Token);
        await Parallel.ForEachAsync(
            wishes, new ParallelOptions { MaxDegreeOfParallelism = 12 },
            async (wish, _) => await tenant.SendAsync(wish.To, wish.Body, wish.Key));
        await over.CancelAsync();
        await Task.WhenAll(trouble, news, sweeps);
        await SettleDownAsync(random);

        await AssertSoundAsync(tenant, optedOut);
    }

    private static (string To, string Body, string? Key) Wish(int i, Random random, string optedOut) => random.Next(10) switch
    {
        0 => ("+16285550021", $"Undelivered {i}", null),
        1 => ("+16285550022", $"Failed {i}", null),
        2 => ("+15005550009", $"Refused {i}", null),
        3 => (optedOut, "Never", null),
        4 => ("+16285557777", "The same words to the same person", null),
        5 or 6 or 7 => ($"+1628556{1000 + (i / 2)}", "Keyed", $"key-{i / 2}"),
        _ => ($"+1628557{1000 + i}", $"Delivered {i}", null),
    };

    private async Task TroubleAsync(Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await _scene.Sandbox.FaultAsync(Faults[random.Next(Faults.Length)], "twilio", "Messages", "POST");
            await _scene.Sandbox.SpoilWebhooksAsync(random.Next(2) == 0 ? "duplicate" : "reorder", "sms.status.*");
        }
    }

    private async Task NewsAsync(Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await HandOnAsync(random);
            await Task.Yield();
        }
    }

    private async Task SweepsAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await _scene.Sweep.RunAsync(100, CancellationToken.None);
        }
    }

    private async Task HandOnAsync(Random random)
    {
        var news = _scene.TakeNews();
        await Task.WhenAll(news.Concat(news.Take(3)).OrderBy(_ => random.Next()).Select(one => _scene.News.ApplyAsync(one)));
    }

    private async Task SettleDownAsync(Random random)
    {
        await _scene.Sandbox.ResetAsync();
        await _scene.Sandbox.WebhooksIdleAsync();
        await HandOnAsync(random);
        for (var minute = 0; minute < 20; minute++)
        {
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await _scene.Sweep.RunAsync(1000);
        }
    }

    private async Task AssertSoundAsync(SmsTenant tenant, string optedOut)
    {
        var messages = await tenant.MessagesAsync();
        Assert.DoesNotContain(messages, message => message.State is SmsState.Recorded or SmsState.Unknown);
        Assert.All(messages, message => Assert.Equal(message.State.IsTaken(), message.ProviderSid is not null));
        Assert.All(messages, message => Assert.Contains(
            message.Payment,
            message.State.IsFailure() ? [SmsPayment.Refunded, SmsPayment.Released]
                : message.State.IsTaken() ? [SmsPayment.Charged] : (SmsPayment[])[SmsPayment.Released]));
        Assert.Contains(messages, message => message.Payment is SmsPayment.Refunded);

        // The provider's list and ours name the same messages.
        var taken = (await _scene.Sandbox.Twilio.MessagesAsync(from: tenant.Number)).Select(one => (string)one["sid"]!);
        Assert.Equal(
            taken.Order(StringComparer.Ordinal),
            messages.Select(message => message.ProviderSid).OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(0, await _scene.Sandbox.Twilio.SentCountAsync(to: optedOut));

        var charged = messages.Count(message => message.Payment is SmsPayment.Charged);
        await tenant.Books.AssertBooksBalanceAsync(Credits - (5 * charged));
        Assert.Equal(Credits - (5 * charged), await tenant.AvailableAsync());
        Assert.InRange(charged, 20, (int)(Credits / 5));
        Assert.Empty((await new LedgerAudit(_scene.Postgres.Database, _scene.Clock).RunAsync(full: true)).Violations);
    }
}
