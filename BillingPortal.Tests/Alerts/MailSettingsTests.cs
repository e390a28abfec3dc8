using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Alerts;

/// <summary>Who is written to about what, and what stands in the portal whatever is mailed.</summary>
public sealed class MailSettingsTests(MailPortal portal) : IClassFixture<MailPortal>
{
    private MailSettings Settings => portal.Services.GetRequiredService<MailSettings>();

    private NoticeReader Notices => portal.Services.GetRequiredService<NoticeReader>();

    // An owner, a billing admin and a viewer: the roles that are chosen get it, or one address instead of all.
    [Fact]
    public async Task Mail_goes_to_the_roles_or_to_the_one_address()
    {
        var tenant = await portal.TenantAsync();
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);
        var admin = await portal.PersonAsync(tenant, MemberRole.BillingAdmin);
        var viewer = await portal.PersonAsync(tenant, MemberRole.Viewer);
        Assert.Equal(Sorted(owner, admin), await TargetsAsync(tenant));

        await SaveAsync(tenant, new MailChange { ToOwners = false, ToViewers = true });
        Assert.Equal(Sorted(admin, viewer), await TargetsAsync(tenant));
        await SaveAsync(tenant, new MailChange { OverrideAddress = "bills@acme.example" });
        Assert.Equal(["bills@acme.example"], await TargetsAsync(tenant));
        await SaveAsync(tenant, new MailChange { OverrideAddress = "" });
        Assert.Equal(Sorted(admin, viewer), await TargetsAsync(tenant));

        var nobody = await Settings.SaveAsync(
            tenant.Id, new MailChange { ToBillingAdmins = false, ToViewers = false }, userId: null);
        Assert.Equal("Choose at least one role to write to.", nobody.Problem);
        Assert.Equal(Sorted(admin, viewer), await TargetsAsync(tenant));
    }

    [Fact]
    public async Task A_kind_that_is_off_and_mail_that_is_off_still_stand_in_the_portal()
    {
        var tenant = await portal.TenantAsync();
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);
        await SaveAsync(tenant, new MailChange { OffKinds = ["receipt"] });
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await SaveAsync(tenant, new MailChange { OffKinds = [], EmailEnabled = false });
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:2");
        await portal.Services.GetRequiredService<BillingPortal.Outbox.OutboxDispatcher>().DrainAsync();
        await SaveAsync(tenant, new MailChange { EmailEnabled = true });
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:3");

        await portal.UntilAsync(tenant, EmailState.Sent, count: 1);
        Assert.Single(await portal.Sandbox.MailboxAsync(owner));
        Assert.Equal(3, (await Notices.HistoryAsync(tenant.Id, Guid.CreateVersion7())).Count);
    }

    [Fact]
    public async Task What_one_person_has_read_is_unread_for_another_and_what_is_over_is_no_banner()
    {
        var tenant = await portal.TenantAsync();
        var (ada, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await EnqueueAsync(tenant, NoticeSeverity.Critical);
        var notice = Assert.Single((await Notices.BoardAsync(tenant.Id, ada)).Pressing);

        await portal.Services.GetRequiredService<NoticeService>().ReadAsync(tenant.Id, ada, [notice.Id]);

        Assert.Equal((0, 0), await BoardAsync(ada));
        Assert.Equal((1, 1), await BoardAsync(bob));
        await using (var unit = await portal.Database.BeginAsync(tenant.Id))
        {
            portal.Services.GetRequiredService<Mailer>().End(unit, tenant.Id, MailKinds.PhoneSuspended);
            await unit.CommitAsync();
        }

        Assert.Equal((1, 0), await BoardAsync(bob));

        async Task<(int, int)> BoardAsync(Guid userId)
        {
            var board = await Notices.BoardAsync(tenant.Id, userId);
            return (board.Unread, board.Pressing.Count);
        }
    }

    [Fact]
    public async Task One_tenants_notifications_are_closed_to_another()
    {
        var (mine, other) = (await portal.TenantAsync(), await portal.TenantAsync());
        await EnqueueAsync(other, NoticeSeverity.Critical);
        await using var unit = await portal.Database.BeginAsync(mine.Id);

        Assert.Empty(await unit.Db.Set<Notification>().ToListAsync());
        Assert.Equal(0, (await Notices.BoardAsync(mine.Id, Guid.CreateVersion7())).Unread);
    }

    // Ten people press the button at once: five mails an hour, no more.
    [Fact]
    public async Task Test_mails_are_limited_however_many_ask_at_once()
    {
        var tenant = await portal.TenantAsync();
        Assert.Equal(TestOutcome.ReachesNobody, await Settings.SendTestAsync(tenant.Id, "Ada"));
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Settings.SendTestAsync(tenant.Id, "Ada")));

        Assert.Equal(MailSettings.TestsPerHourMax, outcomes.Count(outcome => outcome is TestOutcome.Queued));
        Assert.Equal(5, outcomes.Count(outcome => outcome is TestOutcome.TooMany));
        await portal.UntilAsync(tenant, EmailState.Sent, count: 5);
        Assert.Equal(5, (await portal.Sandbox.MailboxAsync(owner)).Count);
        Assert.Equal(0, (await Notices.BoardAsync(tenant.Id, Guid.CreateVersion7())).Unread);
    }

    [Theory]
    [InlineData("a@b.example", true)]
    [InlineData("first.last+tag@sub.example.com", true)]
    [InlineData("a@b", false)]
    [InlineData("a b@c.example", false)]
    [InlineData("A <a@b.example>", false)]
    [InlineData("a@b.example,c@d.example", false)]
    [InlineData("a@b.example\r\nBcc: c@d.example", false)]
    [InlineData("ä@b.example", false)]
    [InlineData("", false)]
    public void An_address_is_one_bare_mailbox(string text, bool isOne) =>
        Assert.Equal(isOne, MailAddresses.Parse(text) is not null);

    private async Task SaveAsync(Tenant tenant, MailChange change) =>
        Assert.Null((await Settings.SaveAsync(tenant.Id, change, userId: null)).Problem);

    private async Task<IEnumerable<string>> TargetsAsync(Tenant tenant)
    {
        var read = await portal.Services.GetRequiredService<RecipientReader>().ReadAsync(tenant.Id);
        return read.Targets.Select(target => target.Address).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Sorted(params string[] addresses) => addresses.Order(StringComparer.Ordinal);

    private async Task EnqueueAsync(Tenant tenant, NoticeSeverity severity)
    {
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        portal.Services.GetRequiredService<Mailer>().Enqueue<TestMail>(
            unit, tenant.Id, MailKinds.PhoneSuspended, "Suspended", new Dictionary<string, object?>(), "k:1",
            severity: severity);
        await unit.CommitAsync();
    }
}
