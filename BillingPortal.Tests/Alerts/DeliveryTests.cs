using BillingPortal.Alerts;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Alerts;

/// <summary>What becomes of mails, as the provider's webhooks tell it, in whatever order they come.</summary>
public sealed class DeliveryTests(MailPortal portal) : IClassFixture<MailPortal>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await portal.Sandbox.ResetAsync();
        await portal.Sandbox.SendWebhooksToAsync(portal.Address, resend: true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mail_that_arrived_is_logged_as_delivered()
    {
        var tenant = await portal.TenantAsync();
        await portal.PersonAsync(tenant, MemberRole.Owner);

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");

        Assert.NotNull(Assert.Single(await portal.UntilAsync(tenant, EmailState.Delivered, count: 1)).ToldAt);
    }

    [Theory]
    [InlineData("bounced", EmailState.Bounced, FlagReason.Bounced)]
    [InlineData("complained", EmailState.Complained, FlagReason.Complained)]
    [InlineData("suppressed", EmailState.Suppressed, FlagReason.Suppressed)]
    public async Task A_dead_address_is_flagged_and_not_written_to_again_until_a_person_clears_it(
        string local, EmailState state, FlagReason reason)
    {
        var tenant = await portal.TenantAsync();
        var address = await OnlyAddressAsync(tenant, local);
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.UntilAsync(tenant, state, count: 1);
        Assert.Equal(reason, Assert.Single((await RecipientsAsync(tenant)).Targets).Flag!.Reason);

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:2");
        await portal.UntilAsync(tenant, EmailState.Withheld, count: 1);
        Assert.Single(await portal.Sandbox.MailboxAsync(address));

        Assert.True(await portal.Services.GetRequiredService<MailSettings>().ClearFlagAsync(
            tenant.Id, address.ToUpperInvariant(), userId: null));
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:3");
        await portal.UntilAsync(tenant, state, count: 2);
        Assert.Equal(2, (await portal.Sandbox.MailboxAsync(address)).Count);
    }

    // The other of two owners gets every mail, whatever becomes of the first one's.
    [Fact]
    public async Task A_flag_keeps_the_mail_from_one_address_only()
    {
        var tenant = await portal.TenantAsync();
        var good = await portal.PersonAsync(tenant, MemberRole.Owner);
        var bad = await portal.PersonAsync(tenant, MemberRole.Owner);
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.UntilAsync(tenant, EmailState.Delivered, count: 2);
        await HappenAsync(bad, "bounced");
        await portal.UntilAsync(tenant, EmailState.Bounced, count: 1);

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:2");

        await portal.UntilAsync(tenant, EmailState.Withheld, count: 1);
        await portal.UntilAsync(tenant, EmailState.Delivered, count: 2);
        Assert.Equal(2, (await portal.Sandbox.MailboxAsync(good)).Count);
        Assert.True((await RecipientsAsync(tenant)).ReachesSomebody);
    }

    // Six news about one mail, each twice, in every order: the end is the same.
    [Fact]
    public async Task News_in_any_order_and_number_end_in_the_same_state()
    {
        string[] types = ["email.sent", "email.delivered", "email.complained"];
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            var (tenant, email) = await SentMailAsync();
            foreach (var type in order.SelectMany(place => new[] { types[place], types[place] }))
            {
                Assert.True(await ApplyAsync(News(type, email)));
            }

            Assert.Equal(EmailState.Complained, (await portal.UntilAsync(tenant, EmailState.Complained, 1))[0].State);
        }
    }

    [Theory]
    [InlineData("Permanent", true)]
    [InlineData("Transient", false)]
    [InlineData("Undetermined", false)]
    public async Task Only_a_permanent_bounce_flags(string type, bool isFlagged)
    {
        var (tenant, email) = await SentMailAsync();
        var news = ResendEvent.Parse(
            $$"""
            {"type":"email.bounced","data":{"email_id":"{{email.ProviderId}}",
             "bounce":{"type":"{{type}}","subType":"General","message":"No\u0000 such <b>mailbox</b>"} } }
            """)!;

        Assert.True(await ApplyAsync(news));

        var logged = Assert.Single(await portal.UntilAsync(tenant, EmailState.Bounced, count: 1));
        Assert.Equal("No  such <b>mailbox</b>", logged.LastError);
        Assert.Equal(isFlagged, Assert.Single((await RecipientsAsync(tenant)).Targets).IsFlagged);
    }

    // The provider's answer was lost: its news carry our own id, so that the mail is found all the same.
    [Fact]
    public async Task News_find_a_mail_whose_sending_was_never_answered()
    {
        var (tenant, email) = await SentMailAsync(answered: false);

        Assert.True(await ApplyAsync(News("email.delivered", email) with { EmailId = "re_1", OurId = email.Id }));

        var logged = Assert.Single(await portal.UntilAsync(tenant, EmailState.Delivered, count: 1));
        Assert.Equal(("re_1", true), (logged.ProviderId, logged.SentAt is not null));
    }

    // A mail was under way when a person cleared the address: its bounce tells of the address as it was.
    [Fact]
    public async Task A_late_bounce_does_not_flag_what_was_cleared_after_the_mail_was_written()
    {
        var (tenant, email) = await SentMailAsync();
        var settings = portal.Services.GetRequiredService<MailSettings>();
        Assert.False(await settings.ClearFlagAsync(tenant.Id, email.ToAddress, userId: null)); // nothing to clear yet
        var (_, second) = await SentMailAsync(tenant, email.ToAddress);
        await ApplyAsync(News("email.bounced", email) with { IsPermanent = true });
        Assert.True(await settings.ClearFlagAsync(tenant.Id, email.ToAddress, userId: null));

        await ApplyAsync(News("email.bounced", second) with { IsPermanent = true });

        Assert.False(Assert.Single((await RecipientsAsync(tenant)).Targets).IsFlagged);
    }

    private async Task<string> OnlyAddressAsync(Tenant tenant, string local)
    {
        var address = $"{local}+{tenant.Id:N}@acme.example";
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        unit.Db.Add(new MailPreferences { TenantId = tenant.Id, OverrideAddress = address });
        await unit.CommitAsync();
        return address;
    }

    private async Task<(Tenant Tenant, SentEmail Email)> SentMailAsync(
        Tenant? tenant = null, string? address = null, bool answered = true)
    {
        tenant ??= await portal.TenantAsync();
        var email = new SentEmail
        {
            Id = Guid.CreateVersion7(),
            TenantId = tenant.Id,
            MessageId = Guid.CreateVersion7(),
            Kind = "receipt",
            ToAddress = address ?? await OnlyAddressAsync(tenant, "owner"),
            Subject = "x",
            Html = "x",
            Text = "x",
            State = answered ? EmailState.Sent : EmailState.Pending,
            SentAt = answered ? DateTimeOffset.UnixEpoch : null,
            ProviderId = answered ? Guid.CreateVersion7().ToString() : null,
            CreatedAt = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow(),
        };
        await using var unit = await portal.Database.BeginOpsAsync();
        unit.Db.Add(email);
        await unit.CommitAsync();
        return (tenant, email);
    }

    private async Task HappenAsync(string address, string what)
    {
        var mail = Assert.Single(await portal.Sandbox.MailboxAsync(address));
        using var answer = await portal.Sandbox.Http.PostAsync(
            $"control/emails/{mail.Id}/event", System.Net.Http.Json.JsonContent.Create(new { @event = what }));
        answer.EnsureSuccessStatusCode();
    }

    private static ResendEvent News(string type, SentEmail email) =>
        new(type, email.ProviderId, OurId: null, CreatedAt: null, IsPermanent: false, Detail: null);

    private Task<bool> ApplyAsync(ResendEvent news) =>
        portal.Services.GetRequiredService<DeliveryService>().ApplyAsync(news);

    private Task<Recipients> RecipientsAsync(Tenant tenant) =>
        portal.Services.GetRequiredService<RecipientReader>().ReadAsync(tenant.Id);
}
