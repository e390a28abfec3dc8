using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Crash;

/// <summary>
/// The portal is killed with SIGKILL while a message is with the provider, and started again: the message is charged if
/// the provider has it, its price is free if not, and it is never sent again.
/// </summary>
public sealed class KilledSmsTests : IAsyncLifetime
{
    private readonly CrashScene _scene = new();
    private readonly string _handset = SandboxTwilio.NewHandset();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // The fault hangs for a minute: after the message was taken, or before anything was done.
    [Theory]
    [InlineData("timeout_after", 1, "charged", 5)]
    [InlineData("disconnect", 0, "released", 0)]
    public async Task A_message_whose_sender_was_killed_is_mended_by_the_next_sweep(
        string fault, int taken, string payment, int charged)
    {
        await _scene.OwnNumberAsync(credits: 100);
        var portal = await _scene.StartAsync();
        await _scene.Sandbox.FaultAsync(fault, "twilio", "Messages", milliseconds: 60_000);
        var send = _scene.PostAsync(portal, "/api/sms/send", new { to = _handset, message = "Hello" });
        await _scene.EventuallyAsync(
            async () => await CountAsync("state = 'recorded'") == 1
                && await _scene.Sandbox.Twilio.SentCountAsync(to: _handset) == taken,
            "the message is with the provider");

        await portal.KillAsync();
        await send;
        await _scene.Sandbox.ResetAsync();
        await _scene.Sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(16));
        await _scene.StartAsync();
        await _scene.EventuallyAsync(async () => await CountAsync($"payment = '{payment}'") == 1, $"it is {payment}");

        Assert.Equal(taken, await _scene.Sandbox.Twilio.SentCountAsync(to: _handset));
        Assert.Equal(
            charged * 10_000,
            await _scene.CountAsync("SELECT (-coalesce(sum(amount_e4), 0))::bigint FROM entries "
                + "WHERE tenant_id = $1 AND cause_type = 'sms'"));
        Assert.Equal(0, await _scene.CountAsync("SELECT count(*) FROM holds WHERE tenant_id = $1 AND state = 'open'"));
        await _scene.AssertBooksAsync();
    }

    private Task<long> CountAsync(string where) =>
        _scene.CountAsync($"SELECT count(*) FROM sms_messages WHERE tenant_id = $1 AND {where}");
}
