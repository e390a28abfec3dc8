using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Notifications.Log;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Alerts;

/// <summary>Sending a mail of the log again: the same words once more, and never where it would do harm.</summary>
public sealed class MailRepeatTests(MailPortal portal) : IClassFixture<MailPortal>
{
    private readonly Actor _ann = new(ActorKind.Staff, Ids.New(), "Ann Lee (support agent)");

    private MailRepeats Repeats => portal.Services.GetRequiredService<MailRepeats>();

    private MailLogReader Log => portal.Services.GetRequiredService<MailLogReader>();

    [Fact]
    public async Task The_same_words_go_out_as_a_new_mail_that_names_the_old_one()
    {
        var (tenant, mail) = await SentAsync();

        var repeat = await Repeats.RepeatAsync(mail.Id, "attempt-1", _ann);
        var again = await Repeats.RepeatAsync(mail.Id, "attempt-1", _ann);

        Assert.Equal(repeat, again);
        var mails = await portal.UntilAsync(tenant, EmailState.Sent, 2);
        var copy = Assert.Single(mails, one => one.ResentOfId == mail.Id);
        Assert.Equal(
            (repeat.EmailId, mail.ToAddress, mail.Subject, mail.Html, mail.Text),
            (copy.Id, copy.ToAddress, copy.Subject, copy.Html, copy.Text));
        Assert.Equal(2, (await portal.Sandbox.MailboxAsync(mail.ToAddress)).Count);
        var details = (await Log.FindAsync(mail.Id))!;
        Assert.Equal(copy.Id, Assert.Single(details.Repeats).Id);
        var lines = await portal.Services.GetRequiredService<AuditReader>().PageAsync(
            new AuditFilter { SubjectType = "email", SubjectId = mail.Id.ToString() });
        var line = Assert.Single(lines.Items).Line;
        Assert.Equal(("email.resent", tenant.Id), (line.Action, line.TenantId));
        Assert.Equal($"Sent “{mail.Subject}” again to {mail.ToAddress}", line.Summary);
    }

    [Fact]
    public async Task A_flagged_address_is_not_written_to_again_until_the_flag_is_cleared()
    {
        var (tenant, mail) = await SentAsync();
        await portal.Services.GetRequiredService<DeliveryService>().ApplyAsync(new ResendEvent(
            "email.bounced", mail.ProviderId, mail.Id, portal.Services.GetRequiredService<TimeProvider>().GetUtcNow(), IsPermanent: true,
            "No such mailbox"));

        Assert.Equal(RepeatOutcome.Flagged, (await Repeats.RepeatAsync(mail.Id, "a", _ann)).Outcome);
        await portal.Services.GetRequiredService<MailSettings>().ClearFlagAsync(tenant.Id, mail.ToAddress, userId: null);
        Assert.Equal(RepeatOutcome.Queued, (await Repeats.RepeatAsync(mail.Id, "a", _ann)).Outcome);
    }

    [Fact]
    public async Task A_mail_for_one_persons_eyes_is_never_sent_again()
    {
        var (_, mail) = await SentAsync();
        await SetAsync(mail.Id, set => set.SetProperty(row => row.Kind, "invitation"));

        Assert.Equal(RepeatOutcome.HoldsSecret, (await Repeats.RepeatAsync(mail.Id, "a", _ann)).Outcome);
    }

    [Fact]
    public async Task A_mail_under_way_or_to_somebody_who_has_left_is_not_sent_again()
    {
        var (_, mail) = await SentAsync();
        await SetAsync(mail.Id, set => set.SetProperty(row => row.ToAddress, "gone@acme.example"));
        Assert.Equal(RepeatOutcome.NotTheirs, (await Repeats.RepeatAsync(mail.Id, "a", _ann)).Outcome);
        await SetAsync(mail.Id, set => set.SetProperty(row => row.State, EmailState.Pending).SetProperty(
            row => row.SentAt, (DateTimeOffset?)null));

        Assert.Equal(RepeatOutcome.StillPending, (await Repeats.RepeatAsync(mail.Id, "a", _ann)).Outcome);
        Assert.Equal(RepeatOutcome.UnknownEmail, (await Repeats.RepeatAsync(Ids.New(), "a", _ann)).Outcome);
    }

    // Ten agents at once: five mails, however they race.
    [Fact]
    public async Task Nobody_gets_more_than_five_repeats_of_one_mail_a_day()
    {
        var (_, mail) = await SentAsync();

        var repeats = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Repeats.RepeatAsync(mail.Id, $"attempt-{i}", _ann)));

        Assert.Equal(MailRepeats.PerDayMax, repeats.Count(repeat => repeat.Outcome is RepeatOutcome.Queued));
        Assert.Equal(5, repeats.Count(repeat => repeat.Outcome is RepeatOutcome.TooOften));
    }

    [Fact]
    public async Task The_log_is_filtered_and_paged()
    {
        var (tenant, mail) = await SentAsync();
        var own = MailFilter.None with { TenantId = tenant.Id };

        Assert.Equal(mail.Id, Assert.Single((await Log.PageAsync(own)).Rows).Mail.Id);
        Assert.Single((await Log.PageAsync(own with { State = EmailState.Sent, Kind = "receipt" })).Rows);
        Assert.Single((await Log.PageAsync(MailFilter.None with { To = MailAddresses.Normalize(mail.ToAddress) })).Rows);
        Assert.Empty((await Log.PageAsync(own with { State = EmailState.Bounced })).Rows);
        Assert.Empty((await Log.PageAsync(own with { Until = mail.CreatedAt.AddDays(-1) })).Rows);
        Assert.Empty((await Log.PageAsync(own, new TimeCursor(mail.CreatedAt, mail.Id))).Rows);
        Assert.True((await Log.DayAsync()).Values.Sum() > 0);
    }

    [Theory]
    [InlineData("2026-13-01", null, null, "days like 2026-11-01")]
    [InlineData(null, "lost", null, "The state is one of pending, sent, delivered")]
    [InlineData(null, null, "x-y", "cut off")]
    public void A_wrong_filter_says_how_to_write_it(string? from, string? state, string? cursor, string words) => Assert.Contains(
        words, new MailQuery { From = from, State = state, Cursor = cursor }.Judge().Refusal, StringComparison.Ordinal);

    private async Task<(Tenant Tenant, SentEmail Mail)> SentAsync()
    {
        var tenant = await portal.TenantAsync();
        await portal.PersonAsync(tenant, MemberRole.Owner);
        await portal.EnqueueReceiptAsync(tenant.Id, key: $"receipt:{Ids.New()}");
        return (tenant, Assert.Single(await portal.UntilAsync(tenant, EmailState.Sent, 1)));
    }

    private async Task SetAsync(
        Guid id, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<SentEmail>> set)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        await unit.Db.Set<SentEmail>().Where(row => row.Id == id).ExecuteUpdateAsync(set);
        await unit.CommitAsync();
    }
}
