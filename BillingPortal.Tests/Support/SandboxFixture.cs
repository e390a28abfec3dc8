using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Support;

/// <summary>The providers' sandbox on a port of its own, in memory, with the switches that tests turn.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private WebApplication? _app;

    public Uri BaseUri { get; private set; } = null!;

    public Uri StripeBase => new(BaseUri, "stripe");

    public Uri ResendBase => new(BaseUri, "resend");

    public Uri TwilioBase => new(BaseUri, "twilio");

    /// <summary>Calls the sandbox's own addresses.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Calls Stripe's addresses with the secret key.</summary>
    public SandboxStripe Stripe { get; private set; } = null!;

    /// <summary>Calls Twilio's addresses with the account's token, and drives the phone at the other end.</summary>
    public SandboxTwilio Twilio { get; private set; } = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it; with a folder it remembers across <see cref="StopAsync"/>.</summary>
    public async Task StartAsync(string? statePath = null, Uri? portal = null)
    {
        _app = SandboxApp.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Sandbox:PortalUrl"] = portal?.ToString() ?? "",
                ["Sandbox:StatePath"] = statePath,
                ["Sandbox:ResendWebhooks"] = "false",
                ["Sandbox:SmsSentSeconds"] = "0",
                ["Sandbox:SmsFinalSeconds"] = "0",
                ["Sandbox:WebhookRetrySeconds:0"] = "0.05",
                ["Sandbox:WebhookRetrySeconds:1"] = "0.1",
                ["Sandbox:WebhookRetrySeconds:2"] = "0.2",
                ["Sandbox:WebhookRetrySeconds:3"] = "0.4",
            });
        });
        await _app.StartAsync();
        BaseUri = new Uri(_app.Urls.Single() + "/");
        Http = new HttpClient { BaseAddress = BaseUri };
        Stripe = new SandboxStripe(BaseUri);
        Twilio = new SandboxTwilio(BaseUri);
    }

    /// <summary>Stops it as a kill would leave it: nothing is written on the way out.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            Http.Dispose();
            Stripe.Dispose();
            Twilio.Dispose();
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Webhooks go there from now on.</summary>
    public Task SendWebhooksToAsync(Uri portal, bool resend = false) =>
        PostAsync("control/settings", new { portalUrl = portal.ToString(), resendWebhooks = resend });

    /// <param name="kind">slow, error, error_stored, error_after, rate_limit, disconnect or timeout_after.</param>
    /// <param name="provider">stripe, resend or twilio.</param>
    /// <param name="path">A part of the call's path; empty fits all.</param>
    /// <param name="count">How many calls it hits; null: until the reset.</param>
    public Task FaultAsync(
        string kind, string provider = "stripe", string path = "", string method = "POST", int? count = 1,
        int milliseconds = 0) =>
        PostAsync("control/faults", new { provider, kind, path, method, count, milliseconds });

    /// <param name="mode">drop, duplicate, twin, delay or reorder.</param>
    public Task SpoilWebhooksAsync(string mode, string type = "*", int count = 1, int milliseconds = 0) =>
        PostAsync("control/webhooks", new { mode, type, count, milliseconds });

    public Task HoldWebhooksAsync() => PostAsync("control/webhooks/hold", new { });

    /// <summary>Sends what was held, one after the other, and returns when each was tried once.</summary>
    public Task ReleaseWebhooksAsync(bool newestFirst = false) =>
        PostAsync("control/webhooks/release", new { order = newestFirst ? "reverse" : "fifo" });

    /// <summary>Returns when every webhook that is due was tried.</summary>
    public Task WebhooksIdleAsync() => PostAsync("control/webhooks/idle", new { });

    public Task ResendEventAsync(string eventId) => PostAsync($"control/events/{eventId}/resend", new { });

    /// <summary>Faults, webhook switches and clock back to normal.</summary>
    public Task ResetAsync(bool state = false) => PostAsync("control/reset", new { state });

    public Task MoveClockToAsync(DateTimeOffset now) => PostAsync("clock", new { now });

    public Task AdvanceClockAsync(TimeSpan by) => PostAsync("clock", new { advanceSeconds = by.TotalSeconds });

    /// <summary>The person at the bank's 3-D Secure page completes or fails it.</summary>
    public Task AnswerChallengeAsync(string intentId, bool complete = true) =>
        PostAsync($"control/challenges/{intentId}", new { outcome = complete ? "complete" : "fail" });

    /// <summary>The bank decides a payment in processing now instead of in some days.</summary>
    public Task DecidePaymentAsync(string intentId, bool succeeds = true) =>
        PostAsync($"control/payments/{intentId}", new { outcome = succeeds ? "succeeded" : "failed" });

    /// <summary>From now on this saved card is declined with the code; empty heals it.</summary>
    public Task DeclineCardAsync(string paymentMethodId, string declineCode) =>
        PostAsync($"control/cards/{paymentMethodId}", new { decline = declineCode });

    /// <summary>The card network renews the card; Stripe tells it as automatically updated.</summary>
    public Task RenewCardAsync(string paymentMethodId, int month, int year) =>
        PostAsync($"control/cards/{paymentMethodId}", new { expMonth = month, expYear = year });

    public async Task<SandboxPayments> PaymentsAsync(string? customer = null)
    {
        var all = (await Http.GetFromJsonAsync<JsonObject>("control/payments"))!;
        var mine = all["customers"]!.AsArray()
            .Where(one => customer is null || (string?)one!["customer"] == customer).ToList();
        return new SandboxPayments(
            mine.Sum(one => (long)one!["succeededAmount"]!), mine.Sum(one => (int)one!["succeededCharges"]!),
            mine.Sum(one => (int)one!["failedCharges"]!), mine.Sum(one => (long)one!["refundedAmount"]!));
    }

    /// <summary>Emails, newest first, to addresses that contain the text.</summary>
    public async Task<IReadOnlyList<SandboxEmail>> MailboxAsync(string to = "") =>
        (await Http.GetFromJsonAsync<List<SandboxEmail>>($"control/emails?to={Uri.EscapeDataString(to)}"))!;

    /// <summary>What becomes of an email after the fact; bounced and complained suppress its addresses.</summary>
    /// <param name="what">delivered, bounced, complained, suppressed, delivery_delayed, opened ...</param>
    public Task HappenToEmailAsync(string emailId, string what) =>
        PostAsync($"control/emails/{emailId}/event", new { @event = what });

    /// <summary>Deliveries of webhooks, newest first: state, attempts, last answer.</summary>
    public async Task<JsonArray> DeliveriesAsync() => (await Http.GetFromJsonAsync<JsonArray>("control/webhooks"))!;

    private async Task PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
    }
}

/// <summary>What Stripe took and gave back, in cents.</summary>
public sealed record SandboxPayments(
    long SucceededAmount, int SucceededCharges, int FailedCharges, long RefundedAmount);

/// <summary>An email as the mailbox holds it.</summary>
public sealed record SandboxEmail(
    string Id, string From, IReadOnlyList<string> To, string Subject, string? Html, string? Text, string LastEvent);
