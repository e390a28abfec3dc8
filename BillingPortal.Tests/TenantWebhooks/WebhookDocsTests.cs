using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Tests.House;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>What <c>docs/webhooks.md</c> promises is what is sent.</summary>
public sealed partial class WebhookDocsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid One = Guid.Parse("0199a1b2-0000-7000-8000-000000000001");

    private static readonly Dictionary<TenantEvent, object> Samples = new()
    {
        [TenantEvent.BalanceLow] = new BalanceLowData("warning", "low", Amount.Credits(90.5m), Amount.Credits(100)),
        [TenantEvent.RechargeSucceeded] = new RechargeSucceededData(
            One, "crossing", Amount.Credits(1000), Amount.Credits(45), Amount.UsdCents(2200), Amount.Credits(1135.5m)),
        [TenantEvent.RechargeFailed] = new RechargeFailedData(
            One, "crossing", Amount.Credits(1000), Amount.UsdCents(2200), "insufficient_funds", 1, At.AddHours(1)),
        [TenantEvent.RechargeActionRequired] = new RechargeActionData(
            One, Amount.Credits(1000), Amount.UsdCents(2200), $"https://portal.example/auto-recharge/confirm/{One}", At.AddHours(24)),
        [TenantEvent.RechargePaused] = new RechargePausedData("failures", 3, One),
        [TenantEvent.PurchaseSettled] = new PurchaseSettledData(
            One, "on_session", Amount.Credits(1000), Amount.Credits(45), Amount.UsdCents(2200), "R-261120-00000001", InvoiceId: null),
        [TenantEvent.NumberSuspended] = new NumberSuspendedData(One, "+14155550123", Amount.Credits(100), At.AddDays(7)),
        [TenantEvent.NumberResumed] = new NumberResumedData(One, "+14155550123", Amount.Credits(100), At.AddMonths(1)),
        [TenantEvent.StatementReady] = new StatementReadyData(
            "2026-10",
            [
                new StatementAccountData(
                    Amount.Credits(250), Amount.Credits(90.5m), "https://portal.example/statements/2026-10/credits.pdf",
                    "https://portal.example/statements/2026-10/credits.csv"),
            ]),
        [TenantEvent.Test] = new TestData("A test that somebody asked for."),
    };

    private static string Text => File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "webhooks.md"));

    [Fact]
    public void Every_event_is_described_with_the_very_payload_that_is_sent()
    {
        foreach (var kind in Enum.GetValues<TenantEvent>())
        {
            Assert.Contains($"### `{kind.ToCode()}`", Text, StringComparison.Ordinal);
            var data = JsonSerializer.Serialize(Samples[kind], Samples[kind].GetType(), EventJson.Options);
            Assert.Contains(data, Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_printed_test_vector_holds()
    {
        var vector = Vector().Matches(Text[Text.IndexOf("Test vector", StringComparison.Ordinal)..])
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var at = long.Parse(vector["webhook-timestamp"], CultureInfo.InvariantCulture);

        var header = WebhookSignature.Header(
            vector["webhook-id"], DateTimeOffset.FromUnixTimeSeconds(at), vector["body"], vector["secret"]);

        Assert.Equal(vector["webhook-signature"], header);
        var id = Guid.Parse(vector["webhook-id"]["evt_".Length..]);
        Assert.Equal(vector["body"], EventMessage.Of(id, TenantEvent.BalanceLow, Samples[TenantEvent.BalanceLow], At).Body);
    }

    [GeneratedRegex(@"^(secret|webhook-id|webhook-timestamp|webhook-signature|body): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Vector();
}
