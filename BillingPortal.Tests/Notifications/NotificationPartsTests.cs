using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Notifications;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Notifications;

/// <summary>The parts of the page Notifications, state by state.</summary>
public sealed class NotificationPartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public NotificationPartsTests() => Services.AddSingleton(Sessions.Of(Sessions.Tenant()));

    [Fact]
    public void The_levels_are_said_in_figures_and_the_present_one_is_marked()
    {
        var table = Render<LevelTable>(p => p.Add(x => x.Threshold, Amount.Usd(10)).Add(x => x.RentDue, Amount.Usd(3))
            .Add(x => x.Level, AlertLevel.Warning));

        Assert.Equal(
            [
                "more than $20.00 available", "$20.00 or less", "$10.00 or less (now)",
                "$2.50 or less, or less than the $3.00 that phone numbers need in the next 7 days",
            ],
            table.FindAll("dd").Select(row => row.TextContent));
        Assert.Contains("Warning", table.Find("[aria-current]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Mails_show_state_and_the_other_sides_words_as_text()
    {
        var log = Render<MailLog>(p => p.Add(x => x.Mails,
        [
            Mail(EmailState.Delivered), Mail(EmailState.Bounced, "no <b>such</b> mailbox"), Mail(EmailState.Withheld),
        ]));

        Assert.Equal(["Delivered", "Bounced", "Held back"], log.FindAll(".badge").Select(badge => badge.TextContent));
        Assert.Contains("no &lt;b&gt;such&lt;/b&gt; mailbox", log.Markup, StringComparison.Ordinal);
        Assert.Contains("This address was not written to", log.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_told_and_nothing_mailed_says_what_will_appear()
    {
        Assert.Contains("Nothing yet", Render<NoticeHistory>(p => p.Add(x => x.Rows, [])).Markup, StringComparison.Ordinal);
        Assert.Contains("No mail yet", Render<MailLog>(p => p.Add(x => x.Mails, [])).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_new_is_marked_in_words_and_can_be_marked_as_read()
    {
        var asked = 0;
        var history = Render<NoticeHistory>(p => p
            .Add(x => x.Rows, [Row(isRead: false, NoticeSeverity.Critical), Row(isRead: true, NoticeSeverity.Info)])
            .Add(x => x.OnReadAll, () => asked++));

        Assert.Equal("new", Assert.Single(history.FindAll(".unread-word")).TextContent);
        history.Find("button").Click();
        Assert.Equal(1, asked);
        Assert.Equal(["badge badge-bad", "badge badge-info"], history.FindAll(".badge").Select(badge => badge.ClassName));
    }

    [Theory]
    [InlineData(FlagReason.Bounced, "There is no such mailbox")]
    [InlineData(FlagReason.Complained, "marked as spam")]
    [InlineData(FlagReason.Suppressed, "block list")]
    public void A_dead_address_says_why_and_who_may_mend_it_can(FlagReason reason, string words)
    {
        var flag = new FlaggedAddress { Address = "a@b.example", Reason = reason, Detail = "<i>550</i>", FlaggedAt = Now };
        var cleared = "";
        var viewer = Render<FlaggedAddresses>(p => p.Add(x => x.Dead, [flag]));
        var owner = Render<FlaggedAddresses>(p => p.Add(x => x.Dead, [flag]).Add(x => x.CanPay, true)
            .Add(x => x.OnWorksAgain, (string address) => cleared = address));

        Assert.Empty(viewer.FindAll("button"));
        Assert.Contains(words, viewer.Markup, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;550&lt;/i&gt;", viewer.Markup, StringComparison.Ordinal);
        owner.FindAll("button")[0].Click();
        Assert.Equal("a@b.example", cleared);
    }

    [Fact]
    public void The_form_knows_what_changed_and_what_makes_no_sense()
    {
        var preferences = new MailPreferences { OffKinds = ["receipt", "gone_kind"] };
        var (form, saved) = (NotificationForm.Of(100, preferences), NotificationForm.Of(100, preferences));
        Assert.True(form.IsSameAs(saved));
        Assert.Null(Problem(form));

        form.OffKinds.Add("refund");
        Assert.False(form.IsSameAs(saved));
        form.OffKinds.Remove("refund");
        (form.ToOwners, form.ToBillingAdmins) = (false, false);
        Assert.Equal("Choose at least one role to write to.", Problem(form));
        form.UsesAddress = true;
        Assert.StartsWith("Write one email address", Problem(form), StringComparison.Ordinal);
        form.Address = " bills@acme.example ";
        Assert.Null(Problem(form));
        Assert.Equal("bills@acme.example", form.ToChange().OverrideAddress);
        form.Threshold = null;
        Assert.Equal("Write a threshold.", Problem(form));
    }

    [Fact]
    public void A_test_says_what_became_of_each_mail_and_the_worst_gives_the_tone()
    {
        var message = PageMessage.OfTest([Mail(EmailState.Delivered), Mail(EmailState.Bounced)]);

        Assert.Equal((StatusTone.Bad, "a@b.example: delivered, a@b.example: bounced."), (message.Tone, message.Text));
        Assert.Equal(StatusTone.Good, PageMessage.OfTest([Mail(EmailState.Delivered)]).Tone);
        Assert.Equal(StatusTone.Info, PageMessage.OfTest([Mail(EmailState.Delivered), Mail(EmailState.Sent)]).Tone);
    }

    private static string? Problem(NotificationForm form) => form.Problem(_ => null);

    private static MailRow Mail(EmailState state, string? error = null) =>
        new(Ids.New(), "receipt", "a@b.example", "Receipt", state, error, Now);

    private static NoticeRow Row(bool isRead, NoticeSeverity severity) => new(
        new Notification
        {
            Id = Ids.New(),
            Kind = MailKinds.LowBalance,
            Severity = severity,
            Title = "Low",
            Link = "/buy",
            Key = "k",
            CreatedAt = Now,
        },
        isRead);
}
