using BillingPortal.Kernel;
using BillingPortal.Webhooks;
using BillingPortal.Webhooks.Monitor;

namespace BillingPortal.Tests.Webhooks.Monitor;

/// <summary>The filter in the address: judged before anything is read.</summary>
public sealed class WebhookQueryTests
{
    [Theory]
    [InlineData("2026-13-01", null, null, null, null, "days like 2026-11-01")]
    [InlineData("2026-11-02", "2026-11-01", null, null, null, "behind the last")]
    [InlineData(null, null, "paypal", null, null, "The provider is one of stripe, twilio, resend")]
    [InlineData(null, null, null, "lost", null, "The state is one of pending, handled, ignored, kept, dead")]
    [InlineData(null, null, null, null, "x-y", "cut off")]
    public void A_wrong_filter_says_how_to_write_it(
        string? from, string? to, string? provider, string? state, string? cursor, string words)
    {
        var query = new WebhookQuery { From = from, To = to, Provider = provider, State = state, Cursor = cursor };

        Assert.Contains(words, query.Judge().Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_one_is_read_as_it_is_written_and_the_address_keeps_it()
    {
        var cursor = new TimeCursor(new DateTimeOffset(2026, 11, 2, 3, 4, 5, TimeSpan.Zero), Ids.New());
        var query = new WebhookQuery
        {
            State = "dead",
            Text = " pi_1 ",
            From = "2026-11-01",
            To = "2026-11-01",
            Cursor = cursor.ToString(),
        };

        var request = query.Judge();

        Assert.Null(request.Refusal);
        Assert.Equal((EventState.Dead, "pi_1"), (request.Filter.State, request.Filter.Text));
        Assert.Equal(TimeSpan.FromDays(1), request.Filter.To - request.Filter.From);
        Assert.Equal(cursor, request.Cursor);
        Assert.StartsWith("/staff/webhooks?state=dead&q=%20pi_1%20&from=2026-11-01", query.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ProviderException timeout: GET /v1/payment_intents/pi_1 timed out", "did not answer in time")]
    [InlineData("ProviderException http_503: GET failed", "had a failure")]
    [InlineData("ProviderException resource_missing: No such intent", "refused our call (resource_missing)")]
    [InlineData("PostgreSQL 40P01: deadlock detected", "at once")]
    [InlineData("PostgreSQL 57P01: terminating connection", "not well")]
    [InlineData("TaskCanceledException: A task was canceled.", "too long")]
    [InlineData("InvalidOperationException: What was kept of the call cannot be read.", "What was kept of the call")]
    [InlineData("odd", "our side")]
    public void A_failure_is_told_in_plain_words(string error, string words) =>
        Assert.Contains(words, WebhookWords.Plain(error), StringComparison.Ordinal);
}
