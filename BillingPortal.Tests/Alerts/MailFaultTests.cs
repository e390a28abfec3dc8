using System.Text.Json.Nodes;
using BillingPortal.Alerts;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BillingPortal.Tests.Alerts;

/// <summary>What becomes of mail when the provider fails.</summary>
public sealed class MailFaultTests(MailFaultTests.FailingPortal portal) : IClassFixture<MailFaultTests.FailingPortal>
{
    // One address is malformed for the provider; the other person's mail must not wait for it.
    [Fact]
    public async Task One_bad_address_does_not_keep_the_mail_from_the_others()
    {
        var tenant = await portal.TenantAsync();
        var (good, bad) = (await portal.PersonAsync(tenant, MemberRole.Owner), await portal.PersonAsync(tenant,
            MemberRole.Owner));
        portal.Answer = (to, _) => to == bad ? (422, "validation_error") : (200, "");

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        var emails = await portal.UntilAsync(tenant, EmailState.Failed, count: 1);

        Assert.Equal((EmailState.Failed, "validation_error"), State(emails, bad));
        await portal.UntilAsync(tenant, EmailState.Sent, count: 1);
        Assert.Equal(1, portal.TriesTo(good));
        Assert.Equal(1, portal.TriesTo(bad));
    }

    // The first try fails for one of two people after it succeeded for the other: the repeat sends to the one only, in
    // the same words under the same key.
    [Fact]
    public async Task A_repeat_sends_the_same_words_under_the_same_key_to_who_lacks_them()
    {
        var tenant = await portal.TenantAsync();
        var (first, second) = (await portal.PersonAsync(tenant, MemberRole.Owner), await portal.PersonAsync(tenant,
            MemberRole.Owner));
        portal.Answer = (to, tries) => to == second && tries == 1 ? (500, "application_error") : (200, "");

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.UntilAsync(tenant, EmailState.Sent, count: 2);

        Assert.Equal(1, portal.TriesTo(first));
        Assert.Equal(2, portal.TriesTo(second));
        Assert.Single(portal.RequestsTo(second).Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.Single(portal.RequestsTo(second).Select(request => request.Body).Distinct());
    }

    [Fact]
    public async Task A_key_that_was_used_before_means_that_the_mail_is_there()
    {
        var tenant = await portal.TenantAsync();
        var owner = await portal.PersonAsync(tenant, MemberRole.Owner);
        portal.Answer = (_, _) => (409, "invalid_idempotent_request");

        await portal.EnqueueReceiptAsync(tenant.Id, "receipt:1");
        await portal.UntilAsync(tenant, EmailState.Sent, count: 1);

        Assert.Equal(1, portal.TriesTo(owner));
    }

    private static (EmailState, string?) State(IEnumerable<SentEmail> emails, string address)
    {
        var email = emails.Single(one => one.ToAddress == address);
        return (email.State, email.LastError);
    }

    /// <summary>A portal whose mail provider answers as a test says.</summary>
    public sealed class FailingPortal : MailPortal, IAsyncLifetime
    {
        private ScriptedServer _server = null!;

        /// <summary>By address and number of the try: status and name of the fault.</summary>
        public Func<string, int, (int Status, string Name)> Answer { get; set; } = (_, _) => (200, "");

        protected override Uri Resend => _server.Address;

        public override async ValueTask InitializeAsync()
        {
            _server = await ScriptedServer.StartAsync();
            _server.Then(AnswerAsync);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _server.DisposeAsync();
        }

        public int TriesTo(string address) => RequestsTo(address).Count();

        public IEnumerable<ScriptedRequest> RequestsTo(string address) =>
            _server.Requests.Where(request => To(request) == address);

        private static string To(ScriptedRequest request) => (string)JsonNode.Parse(request.Body)!["to"]![0]!;

        private async Task AnswerAsync(HttpContext context)
        {
            var address = To(ScriptedServer.RequestOf(context));
            var (status, name) = Answer(address, TriesTo(address));
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new { id = "email-1", name, message = name });
        }
    }
}
