using BillingPortal.Alerts;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Alerts;

/// <summary>From a commit to the mailbox.</summary>
public sealed class MailerTests(MailPortal portal) : IClassFixture<MailPortal>
{
    [Fact]
    public async Task A_receipt_reaches_owners_and_billing_admins_in_both_forms()
    {
        var tenant = await portal.TenantAsync(name: "Acme <Voice>");
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);
        var admin = await portal.PersonAsync(tenant, MemberRole.BillingAdmin);
        await portal.PersonAsync(tenant, MemberRole.Viewer);

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1", card: "Visa •••• 4242");
        var emails = await portal.UntilAsync(tenant, EmailState.Sent, count: 2);

        Assert.Equal(new[] { owner, admin }.Order(StringComparer.Ordinal), emails.Select(email => email.ToAddress));
        var mail = Assert.Single(await portal.Sandbox.MailboxAsync(owner));
        Assert.Equal(("Receipt: 250 credits for $6.50", "billing@portal.example"), (mail.Subject, mail.From));
        Assert.Contains("Acme &lt;Voice&gt;", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<strong>$6.50</strong>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("Visa •••• 4242", System.Net.WebUtility.HtmlDecode(mail.Html), StringComparison.Ordinal);
        Assert.Contains("display:inline-block", mail.Html, StringComparison.Ordinal); // the lone link is a button
        Assert.DoesNotContain("<td>", mail.Html, StringComparison.Ordinal); // every tag carries its style
        Assert.DoesNotContain("<style", mail.Html, StringComparison.Ordinal);
        Assert.Equal(
            """
            Payment received

            250 credits and a bonus of 20 credits were added to your balance. Thank you.

            Paid: $6.50
            Bought: 250 credits
            Bonus: 20 credits
            New balance: 287.5 credits
            With: Visa •••• 4242
            On: 20 November 2026, 12:05 UTC
            Payment reference: R-1

            See your transactions: https://portal.example/transactions?a=1&b=2

            --
            You get this because billing notices of Acme <Voice> go to this address. It cost no credits.
            Change what you get: https://portal.example/notifications

            """.ReplaceLineEndings("\n"),
            mail.Text!.Replace("-- \n", "--\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cause_is_told_once_however_often_it_is_enqueued()
    {
        var tenant = await portal.TenantAsync();
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:2");

        await portal.UntilAsync(tenant, EmailState.Sent, count: 2);
        Assert.Equal(2, (await portal.Sandbox.MailboxAsync(owner)).Count);
    }

    [Fact]
    public async Task A_rolled_back_cause_is_not_told()
    {
        var tenant = await portal.TenantAsync();
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);

        await portal.EnqueueReceiptAsync(tenant.Id, "rolled-back", commit: false);
        await portal.EnqueueReceiptAsync(tenant.Id, "committed");

        await portal.UntilAsync(tenant, EmailState.Sent, count: 1);
        Assert.Single(await portal.Sandbox.MailboxAsync(owner));
    }

    [Fact]
    public async Task One_tenants_mail_log_is_closed_to_another()
    {
        var (mine, other) = (await portal.TenantAsync(), await portal.TenantAsync());
        await portal.PersonAsync(other, MemberRole.Owner);
        await portal.EnqueueReceiptAsync(other.Id, "receipt:1");
        await portal.UntilAsync(other, EmailState.Sent, count: 1);

        Assert.Empty(await portal.UntilAsync(mine, EmailState.Sent, count: 0));
    }

    [Fact]
    public async Task A_parameter_that_the_template_does_not_have_is_refused_at_once()
    {
        var mailer = new Mailer(new BillingPortal.Outbox.OutboxWriter(TimeProvider.System,
            new BillingPortal.Outbox.OutboxBell()), TimeProvider.System);
        await using var unit = await portal.Database.BeginOpsAsync();

        Assert.Throws<InvalidOperationException>(() => mailer.Enqueue<ReceiptMail>(
            unit, Guid.CreateVersion7(), "receipt", "x", new Dictionary<string, object?> { ["Amount"] = 1 }, "k"));
    }
}
