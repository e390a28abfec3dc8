using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Messaging;

/// <summary>Sending: rules before any charge, one charge per message, nothing for what was not sent.</summary>
public sealed class SmsSendTests(MessagingScene scene) : IClassFixture<MessagingScene>
{
    // 100 credits, 5 per message whatever its length.
    [Fact]
    public async Task A_message_that_the_provider_takes_is_charged_once_with_an_entry_that_names_neither_text_nor_number()
    {
        var tenant = await scene.TenantAsync(credits: 100);
        var handset = SandboxTwilio.NewHandset();

        var sent = await tenant.SendAsync(handset, new string('x', 500));
        var message = await scene.MessageAsync(sent.Message!.Id);

        Assert.True(sent.IsSent);
        Assert.Equal(
            (SmsState.Queued, SmsPayment.Charged, 4, tenant.Number, handset, "US"),
            (message.State, message.Payment, message.Segments, message.Number, message.Peer, message.Country));
        Assert.Equal(1, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        Assert.StartsWith("SM", message.ProviderSid, StringComparison.Ordinal);
        await tenant.Books.AssertBooksBalanceAsync(95);
        var entry = await EntryAsync(tenant.Id);
        Assert.Equal(
            ("sms", message.Id.ToString(), "sms_outbound", message.ProviderSid, "sms_revenue"),
            (entry.CauseType, entry.CauseId, entry.Service, entry.Reference, entry.Counter));
        Assert.Equal($"SMS sent, US, number ending in {handset[^4..]}", entry.Note);
    }

    [Fact]
    public async Task On_the_wallet_plan_a_message_takes_two_cents()
    {
        var tenant = await scene.TenantAsync(credits: 0, usd: 1, plan: Unit.Usd);

        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());

        Assert.True(sent.IsSent);
        Assert.Equal(0.98m, await tenant.AvailableAsync());
    }

    [Theory]
    [InlineData("", "Hello", "invalid_to")]
    [InlineData("415 555 0123", "Hello", "invalid_to")]
    [InlineData("+1415555012", "Hello", "invalid_to")]
    [InlineData("+14155550123", " \n ", "empty_message")]
    [InlineData("+14155550123", "zero \0 zero", "unsendable_character")]
    [InlineData("+14155550123", "bell \a", "unsendable_character")]
    [InlineData("+491711234567", "Hallo", "country_not_allowed")]
    [InlineData("+18005550123", "Hello", "country_not_allowed")]
    [InlineData("+88161234567", "Hello", "country_not_allowed")]
    public async Task What_cannot_or_may_not_be_sent_is_refused_with_a_code_and_leaves_nothing(
        string to, string body, string code)
    {
        var tenant = await scene.TenantAsync();

        var sent = await tenant.SendAsync(to, body);

        Assert.Equal((code, null), (sent.Refusal?.Code, sent.Message));
        Assert.Empty(await tenant.MessagesAsync());
        await tenant.Books.AssertBooksBalanceAsync(100);
    }

    [Fact]
    public async Task Half_a_character_is_named_with_its_place()
    {
        var tenant = await scene.TenantAsync();

        var sent = await tenant.SendAsync("+14155550123", "half \ud83d");

        Assert.Equal(
            "Character 6 of \"message\" (U+D83D) cannot be sent. Remove it.", sent.Refusal!.Detail);
        Assert.True((await tenant.SendAsync(SandboxTwilio.NewHandset(), "whole \ud83d\ude00")).IsSent);
    }

    [Fact]
    public async Task The_limit_is_1600_characters()
    {
        var tenant = await scene.TenantAsync();

        Assert.True((await tenant.SendAsync(SandboxTwilio.NewHandset(), new string('a', 1600))).IsSent);
        Assert.Equal(
            "message_too_long", (await tenant.SendAsync("+14155550123", new string('a', 1601))).Refusal!.Code);
    }

    [Fact]
    public async Task The_sender_is_the_given_number_or_the_longest_owned_one_in_service()
    {
        var tenant = await scene.TenantAsync();
        var older = await scene.AddNumberAsync(tenant.Id, acquiredAt: scene.Clock.GetUtcNow().AddDays(-9));
        var suspended = await scene.AddNumberAsync(tenant.Id, PhoneNumberState.Suspended);
        var handset = SandboxTwilio.NewHandset();

        Assert.Equal(older, (await tenant.SendAsync(handset)).Message!.Number);
        var spaced = tenant.Number.Insert(2, " (").Insert(7, ") ");
        Assert.Equal(tenant.Number, (await tenant.SendAsync(handset, from: spaced)).Message!.Number);
        Assert.Equal("number_suspended", (await tenant.SendAsync(handset, from: suspended)).Refusal!.Code);
        Assert.Equal("unknown_number", (await tenant.SendAsync(handset, from: "+14155559999")).Refusal!.Code);
        Assert.Equal("invalid_from", (await tenant.SendAsync(handset, from: "Acme")).Refusal!.Code);
    }

    [Fact]
    public async Task Another_tenants_number_is_unknown()
    {
        var tenant = await scene.TenantAsync();
        var other = await scene.TenantAsync();

        Assert.Equal(
            "unknown_number",
            (await tenant.SendAsync(SandboxTwilio.NewHandset(), from: other.Number)).Refusal!.Code);
    }

    // 4 credits, 5 needed.
    [Fact]
    public async Task What_the_balance_does_not_cover_is_refused_and_not_recorded()
    {
        var tenant = await scene.TenantAsync(credits: 4);
        var handset = SandboxTwilio.NewHandset();

        var sent = await tenant.SendAsync(handset);

        Assert.Equal(SmsRefusalKind.Insufficient, sent.Refusal!.Kind);
        Assert.Equal(
            new SmsShortfall(Amount.Credits(5), Amount.Credits(4), Amount.Credits(4)), sent.Refusal.Shortfall);
        Assert.Empty(await tenant.MessagesAsync());
        Assert.Equal(0, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
    }

    [Theory]
    [InlineData("+15005550001", 21211, "refused_by_provider")]
    [InlineData("+15005550009", 21614, "refused_by_provider")]
    [InlineData("+15005550004", 21610, "opted_out")]
    public async Task What_the_provider_refuses_costs_nothing_and_is_kept_with_its_number(string to, int number, string code)
    {
        var tenant = await scene.TenantAsync();

        var sent = await tenant.SendAsync(to, key: "again");
        var message = Assert.Single(await tenant.MessagesAsync());

        Assert.Equal((code, (int?)number), (sent.Refusal!.Code, sent.Refusal.ProviderCode));
        Assert.Equal(
            (SmsState.Refused, SmsPayment.Released, (int?)number), (message.State, message.Payment, message.ErrorCode));
        Assert.Equal(100, await tenant.AvailableAsync());
        Assert.Equal(code == "opted_out" ? 1 : 0, (await scene.OptOuts.ListAsync(tenant.Id)).Count);
        // Nothing was sent: the same key is judged anew.
        var again = await tenant.SendAsync(to, key: "again");
        Assert.Equal(code == "opted_out" ? 1 : 2, (await tenant.MessagesAsync()).Count);
        Assert.False(again.IsSent);
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_number_that_opted_out_and_other_senders_are_not_concerned()
    {
        var tenant = await scene.TenantAsync();
        var second = await scene.AddNumberAsync(tenant.Id);
        var handset = SandboxTwilio.NewHandset();
        await scene.OptOuts.AddAsync(tenant.Id, tenant.Number, handset);

        var refused = await tenant.SendAsync(handset, from: tenant.Number);

        Assert.Equal((SmsRefusalKind.NotAllowed, "opted_out"), (refused.Refusal!.Kind, refused.Refusal.Code));
        Assert.True((await tenant.SendAsync(handset, from: second)).IsSent);
        Assert.Equal(1, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        Assert.True(await scene.OptOuts.RemoveAsync(tenant.Id, tenant.Number, handset));
        Assert.True((await tenant.SendAsync(handset, from: tenant.Number)).IsSent);
    }

    [Fact]
    public async Task A_tenants_own_list_of_countries_takes_the_place_of_the_default()
    {
        var tenant = await scene.TenantAsync();
        Assert.Null(await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(["de", "FR"], null, null)));

        Assert.True((await tenant.SendAsync("+491711234567")).IsSent);
        Assert.Equal("country_not_allowed", (await tenant.SendAsync("+14155550123")).Refusal!.Code);
        Assert.Equal(["DE", "FR"], (await scene.Settings.ReadAsync(tenant.Id)).CountriesInForce);
    }

    // Ten at once, three a minute, in two processes.
    [Fact]
    public async Task The_limit_per_minute_is_exact_across_processes_and_a_refusal_takes_no_turn()
    {
        var tenant = await scene.TenantAsync(credits: 1000);
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, null, 3));
        await using var other = scene.Services([]);
        var services = new[] { scene.Sms, (SmsService)other.GetService(typeof(SmsService))! };

        var sent = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => services[i % 2].SendAsync(
            tenant.Id, Unit.Credits, new SendSms(SandboxTwilio.NewHandset(), "Hello"), attemptKey: null)));

        Assert.Equal(3, sent.Count(one => one.IsSent));
        var refused = sent.First(one => !one.IsSent).Refusal!;
        Assert.Equal((SmsRefusalKind.TooMany, TimeSpan.FromMinutes(1)), (refused.Kind, refused.RetryAfter));
        await tenant.Books.AssertBooksBalanceAsync(985);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await tenant.SendAsync(SandboxTwilio.NewHandset())).IsSent);
        await scene.Sandbox.MoveClockToAsync(scene.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_same_key_is_one_message_however_often_and_at_once_it_comes()
    {
        var tenant = await scene.TenantAsync();
        var handset = SandboxTwilio.NewHandset();

        var racing = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.SendAsync(handset, key: "k")));
        var later = await tenant.SendAsync(handset, key: "k");
        var other = await tenant.SendAsync(handset, "Other words", key: "k");

        Assert.Single(racing.Select(one => one.Message!.Id).Distinct());
        Assert.All(racing.Where(one => !one.IsSent), one => Assert.Equal("idempotency_key_in_use", one.Refusal!.Code));
        Assert.Equal(racing[0].Message!.Id, later.Message!.Id);
        Assert.True(later.IsSent);
        Assert.Equal("idempotency_key_reused", other.Refusal!.Code);
        Assert.Equal(1, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Fact]
    public async Task A_key_is_one_message_for_a_day()
    {
        var tenant = await scene.TenantAsync();
        var handset = SandboxTwilio.NewHandset();
        await tenant.SendAsync(handset, key: "daily");
        await scene.HandOnAsync();

        scene.Clock.Advance(TimeSpan.FromHours(25));
        await scene.Sandbox.MoveClockToAsync(scene.Clock.GetUtcNow());
        var next = await tenant.SendAsync(handset, key: "daily");

        Assert.True(next.IsSent);
        Assert.Equal(2, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        await tenant.Books.AssertBooksBalanceAsync(90);
    }

    // The program reports the message as usage as well, under the id that it got.
    [Fact]
    public async Task A_message_reported_as_usage_too_is_not_charged_twice()
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());

        var posted = await tenant.Books.Ledger.PostAsync(tenant.Books.Posting(
            BillingPortal.Ledger.LedgerOperation.Debit, Amount.Credits(5)) with
        {
            Key = BillingPortal.Usage.RatedUsage.KeyOf(tenant.Id, "sms_outbound", sent.Message!.ProviderSid!),
        });

        Assert.Equal(BillingPortal.Ledger.PostOutcome.Duplicate, posted.Outcome);
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    private async Task<(string CauseType, string? CauseId, string? Service, string? Reference, string Counter, string? Note)>
        EntryAsync(Guid tenantId)
    {
        await using var command = scene.Postgres.Database.Ops.CreateCommand(
            "SELECT cause_type, cause_id, service, reference, counter_account, note FROM entries "
            + "WHERE tenant_id = $1 AND cause_type = 'sms'");
        command.Parameters.Add(new() { Value = tenantId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
            reader.GetString(5));
    }
}
