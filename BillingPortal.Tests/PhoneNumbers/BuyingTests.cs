using System.Text.Json.Nodes;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;
using static BillingPortal.Tests.PhoneNumbers.NumbersWorld;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>Buying, suspending and giving back against the sandbox's Twilio: money and number go together.</summary>
public sealed class BuyingTests : IAsyncLifetime
{
    private readonly NumbersWorld _world = new();
    private readonly SandboxFixture _sandbox = new();
    private NumbersNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _world.InitializeAsync();
        _node = _world.Node(
            ("Twilio:ApiBase", _sandbox.TwilioBase.ToString()), ("Resend:ApiBase", _sandbox.ResendBase.ToString()));
        _world.Clock.MoveTo(Day(2028, 1, 31).AddHours(15));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _world.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    // 700 credits, 500 set-up; bought on 31 January: the first rent falls due on 29 February.
    [Fact]
    public async Task A_bought_number_costs_the_set_up_fee_and_its_first_month_nothing()
    {
        var renter = await _world.TenantAsync(balance: 700);

        var bought = await BuyAsync(renter, "+14155550142");

        Assert.Equal(BuyOutcome.Bought, bought.Outcome);
        var number = await renter.NumberAsync(bought.Number!.Id);
        Assert.Equal((PhoneNumberState.Active, 31, Day(2028, 2, 29)), (number.State, number.AnchorDay, number.NextBillingDate));
        Assert.Equal(200, await renter.BalanceAsync());
        Assert.Equal(0, (await _world.RentsAsync(renter.Id)).Single().AmountE4);
        var owned = await OwnedAsync("+14155550142");
        Assert.Equal(number.ProviderSid, (string?)owned!["sid"]);
        Assert.EndsWith("/api/webhooks/twilio/sms", (string?)owned["sms_url"], StringComparison.Ordinal);
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    [Fact]
    public async Task A_number_that_is_taken_costs_nothing_and_the_answer_is_in_plain_words()
    {
        var renter = await _world.TenantAsync(balance: 500);

        var refused = await BuyAsync(renter, "+15005550000");

        Assert.Equal(BuyOutcome.Refused, refused.Outcome);
        Assert.Contains("Somebody else has this number already", refused.Text, StringComparison.Ordinal);
        Assert.Equal(500, await renter.BalanceAsync());
        Assert.Equal(PhoneNumberState.NotBought, (await renter.NumbersAsync()).Single().State);
    }

    [Fact]
    public async Task A_balance_that_does_not_cover_the_fee_asks_nobody()
    {
        var renter = await _world.TenantAsync(balance: 499);

        var refused = await BuyAsync(renter, "+14155550143");

        Assert.Equal((BuyOutcome.Insufficient, Amount.Credits(500)), (refused.Outcome, refused.Required));
        Assert.Empty(await renter.NumbersAsync());
        Assert.Null(await OwnedAsync("+14155550143"));
    }

    // Ten clicks under one key, all at once.
    [Fact]
    public async Task A_double_click_buys_once()
    {
        var renter = await _world.TenantAsync(balance: 5000);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => BuyAsync(renter, "+14155550144", key: "click")));
        var after = await BuyAsync(renter, "+14155550144", key: "click");
        var other = await BuyAsync(renter, "+14155550145", key: "click");

        Assert.All(results, result => Assert.True(result.Outcome is BuyOutcome.Bought or BuyOutcome.Pending));
        Assert.Equal((BuyOutcome.Bought, BuyOutcome.KeyReused), (after.Outcome, other.Outcome));
        Assert.Equal(4500, await renter.BalanceAsync());
        Assert.Single(await renter.NumbersAsync());
    }

    // Twilio sells the number and its answer is lost: the fee stays held, the sweep finds the number.
    [Fact]
    public async Task A_lost_answer_is_looked_up_and_never_bought_again()
    {
        var renter = await _world.TenantAsync(balance: 500);
        await _sandbox.FaultAsync("timeout_after", provider: "twilio", path: "IncomingPhoneNumbers");

        var pending = await BuyAsync(renter, "+14155550146");
        Assert.Equal((BuyOutcome.Pending, 0m), (pending.Outcome, await renter.BalanceAsync()));
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromSeconds(10))).Looked);
        var swept = await SweepAsync(TimeSpan.FromMinutes(3));

        Assert.Equal((1, 1), (swept.Looked, swept.Ended));
        Assert.Equal(PhoneNumberState.Active, (await renter.NumbersAsync()).Single().State);
        Assert.Equal(1, await renter.CountAsync("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'set_up'"));
        Assert.Equal((0, 0), await FiguresAsync(renter));
    }

    // The request never arrived: after a quarter of an hour the fee is free again.
    [Fact]
    public async Task A_number_that_was_not_sold_after_all_sets_its_fee_free()
    {
        var renter = await _world.TenantAsync(balance: 500);
        await _sandbox.FaultAsync("disconnect", provider: "twilio", path: "IncomingPhoneNumbers");

        var pending = await BuyAsync(renter, "+14155550147");
        Assert.Equal(BuyOutcome.Pending, pending.Outcome);
        await SweepAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(PhoneNumberState.Buying, (await renter.NumbersAsync()).Single().State);
        await SweepAsync(TimeSpan.FromMinutes(15));

        Assert.Equal(PhoneNumberState.NotBought, (await renter.NumbersAsync()).Single().State);
        Assert.Equal(500, await renter.BalanceAsync());
        Assert.Equal(BuyOutcome.Bought, (await BuyAsync(renter, "+14155550147")).Outcome);
    }

    [Fact]
    public async Task Suspension_clears_the_addresses_and_the_top_up_that_covers_it_restores_them()
    {
        var renter = await _world.TenantAsync(balance: 550);
        var number = (await BuyAsync(renter, "+14155550148")).Number!;
        _world.Clock.MoveTo(Day(2028, 2, 29).AddHours(2));
        await _node.Rents.RunAsync();
        await DeliverAsync();
        Assert.Equal("", (string?)(await OwnedAsync(number.Number))!["sms_url"]);
        Assert.Equal(1, await MailsAsync(renter, "phone_suspended"));

        _world.Clock.MoveTo(Day(2028, 3, 3).AddHours(9));
        await renter.TopUpAsync(60, _node);
        await DeliverAsync();

        Assert.EndsWith("/twilio/sms", (string?)(await OwnedAsync(number.Number))!["sms_url"], StringComparison.Ordinal);
        var back = await renter.NumberAsync(number.Id);
        Assert.Equal((PhoneNumberState.Active, 3, 10m), (back.State, back.AnchorDay, await renter.BalanceAsync()));
        Assert.Equal(1, await MailsAsync(renter, "phone_resumed"));
        Assert.Equal(0, await renter.CountAsync(
            "SELECT count(*) FROM notifications WHERE tenant_id = $1 AND kind = 'phone_suspended' AND ended_at IS NULL"));
    }

    // Twilio is away when the number is given back: it is out of service at once and Twilio is asked until it has it.
    [Fact]
    public async Task A_release_is_final_and_is_asked_for_until_the_network_confirms()
    {
        var renter = await _world.TenantAsync(balance: 600);
        var number = (await BuyAsync(renter, "+14155550149")).Number!;
        await _sandbox.FaultAsync("error", provider: "twilio", path: "IncomingPhoneNumbers", method: "DELETE");

        Assert.Equal(ReleaseOutcome.Pending, await _node.Numbers.ReleaseAsync(renter.Id, number.Id));
        Assert.Equal(PhoneNumberState.Releasing, (await renter.NumberAsync(number.Id)).State);
        Assert.Equal(1, (await SweepAsync(TimeSpan.FromMinutes(4))).Ended);

        var gone = await renter.NumberAsync(number.Id);
        Assert.Equal((PhoneNumberState.Released, null), (gone.State, gone.NextBillingDate));
        Assert.Null(await OwnedAsync(number.Number));
        Assert.Equal(100, await renter.BalanceAsync());
        Assert.Equal(ReleaseOutcome.NotFound, await _node.Numbers.ReleaseAsync(renter.Id, number.Id));
    }

    [Fact]
    public async Task Nobody_touches_another_tenants_number()
    {
        var (owner, stranger) = (await _world.TenantAsync(balance: 600), await _world.TenantAsync(balance: 600));
        var number = (await BuyAsync(owner, "+14155550150")).Number!;

        Assert.Equal(ReleaseOutcome.NotFound, await _node.Numbers.ReleaseAsync(stranger.Id, number.Id));
        Assert.False(await _node.Numbers.LabelAsync(stranger.Id, number.Id, "mine"));
        Assert.Null(await _node.Rents.ResumeAsync(stranger.Id, number.Id));
        Assert.Empty(await stranger.NumbersAsync());
        var taken = await BuyAsync(stranger, number.Number);

        Assert.Equal((BuyOutcome.Refused, 600m), (taken.Outcome, await stranger.BalanceAsync()));
        Assert.True(await _node.Numbers.LabelAsync(owner.Id, number.Id, "  Front desk "));
        Assert.Equal("Front desk", (await owner.NumberAsync(number.Id)).Label);
        await using var unit = await _world.First.Database.BeginAsync(stranger.Id);
        Assert.Null(await _node.Get<PhoneNumberReader>().FindAsync(unit, stranger.Id, number.Number));
        Assert.Equal(owner.Id, (await _node.Get<PhoneNumberReader>().FindOwnerAsync(number.Number))?.TenantId);
    }

    private Task<BuyResult> BuyAsync(Renter renter, string number, string? key = null) =>
        _node.Numbers.BuyAsync(renter.Id, Unit.Credits, new BuyWish(number, "US"), key ?? Ids.New().ToString());

    private async Task<(int Looked, int Ended, int Failed)> SweepAsync(TimeSpan later)
    {
        _world.Clock.Advance(later);
        return await _node.Get<NumberSweep>().RunAsync(100);
    }

    private async Task DeliverAsync()
    {
        while (await _node.DeliverAsync() > 0)
        {
            // a message may bring the next one along
        }
    }

    private static Task<long> MailsAsync(Renter renter, string kind) => renter.CountAsync(
        $"SELECT count(*) FROM notifications WHERE tenant_id = $1 AND kind = '{kind}'");

    private async Task<(decimal Balance, decimal Held)> FiguresAsync(Renter renter)
    {
        var balance = await _node.Get<BalanceReader>().ReadAsync(renter.Id, Unit.Credits);
        return (balance.Posted.ToDecimal(), balance.Held.ToDecimal());
    }

    private async Task<JsonObject?> OwnedAsync(string number)
    {
        var list = await _sandbox.Twilio.GetAsync($"IncomingPhoneNumbers.json?PhoneNumber={Uri.EscapeDataString(number)}");
        return list.Json["incoming_phone_numbers"]!.AsArray().Select(one => one!.AsObject()).SingleOrDefault();
    }
}
