using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace BillingPortal.Tests.Monitoring;

/// <summary>"What happened to this charge?": one id finds its request, its call to Stripe, its posting and what followed.</summary>
public sealed class ChargeTraceTests(TracedPortal portal) : IClassFixture<TracedPortal>
{
    private const string Intent = "/api/stripe/create-payment-intent";

    [Fact]
    public async Task A_purchases_request_call_to_stripe_and_messages_are_one_trace_and_its_log_lines_name_it()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        var answer = await BuyAsync(program, card, trace);
        await portal.SpanAsync(Is("stripe POST"));
        var request = await portal.SpanAsync(span => span.Source.Name == "Microsoft.AspNetCore" && span.TraceId.ToHexString() == trace);
        var message = await portal.SpanAsync(Is($"outbox {PurchaseSettled.MessageKind}"));

        Assert.Equal(trace, answer.Headers.GetValues("Trace-Id").Single());
        Assert.Equal(buyer.Id.ToString(), message.GetTagItem("billing.tenant.id"));
        Assert.True(message.StartTimeUtc >= request.StartTimeUtc);
        var settled = portal.Lines.Single(line => Has(line, "PurchaseId") && Text(line, "TenantId") == buyer.Id.ToString()
            && Text(line, "message").Contains("settled by", StringComparison.Ordinal));
        Assert.Equal(trace, Text(settled, "TraceId"));
        Assert.True(Has(settled, "KeyId"));
        Assert.True(Has(settled, "RequestId"));
        Assert.All(
            portal.Lines.Where(line => Text(line, "PurchaseId") == Text(settled, "PurchaseId")),
            line => Assert.Equal(trace, Text(line, "TraceId")));

        Func<Activity, bool> Is(string name) => span => span.TraceId.ToHexString() == trace && span.DisplayName == name;
    }

    [Fact]
    public async Task A_recharge_is_one_trace_from_its_request_to_its_mail()
    {
        var buyer = await portal.BuyerAsync();
        await buyer.SaveCardAsync();
        using var program = await portal.ProgramAsync(buyer.Tenant);

        // The balance is below the threshold already: saving the rule is the crossing.
        using var saved = await program.PostAsJsonAsync(
            "/api/credits/auto-recharge", new { enabled = true, credits = 100, threshold = 10.0 });
        var begun = await portal.SpanAsync(span => span.DisplayName == "recharge request" && IsOf(span));
        var charge = await portal.SpanAsync(span => span.DisplayName == "recharge charge" && IsOf(span));
        await portal.SpanAsync(span => span.DisplayName == "stripe POST" && span.TraceId == begun.TraceId);
        await portal.SpanAsync(span => span.DisplayName == $"outbox {PurchaseSettled.MessageKind}" && span.TraceId == begun.TraceId);

        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal(begun.TraceId, charge.TraceId);
        var attempt = charge.GetTagItem("billing.purchase.id")!.ToString();
        var lines = portal.Lines.Where(line => Text(line, "AttemptId") == attempt || Text(line, "PurchaseId") == attempt).ToList();
        Assert.True(lines.Count >= 3, $"Only {lines.Count} lines name the attempt.");
        Assert.All(lines, line => Assert.Equal(begun.TraceId.ToHexString(), Text(line, "TraceId")));

        bool IsOf(Activity span) => span.GetTagItem("billing.tenant.id") as string == buyer.Id.ToString();
    }

    // Everything that leaves for the collector, in bytes: names of spans and metrics are there, secrets and people are not.
    [Fact]
    public async Task The_collector_gets_traces_metrics_and_logs_and_nothing_private()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        var key = await portal.TenantService.CreateApiKeyAsync(buyer.Id, "collector", ApiScopes.All);
        using var program = portal.Bearer(key.Text);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await BuyAsync(program, card, trace);
        await portal.SpanAsync(span =>
            span.TraceId.ToHexString() == trace && span.DisplayName.StartsWith("outbox ", StringComparison.Ordinal));
        var person = await portal.PersonAsync(buyer.Tenant, MemberRole.Owner);
        using var browser = await portal.SignedInAsync(person);
        await browser.GetAsync("/invitation/the-secret-of-an-invitation?q=the-secret-of-a-query");

        portal.Services.GetRequiredService<TracerProvider>().ForceFlush();
        portal.Services.GetRequiredService<MeterProvider>().ForceFlush();
        portal.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        var sent = portal.Collector.Requests.ToLookup(request => request.Path, request => request.Body);
        Assert.Contains("stripe POST", string.Concat(sent["/v1/traces"]), StringComparison.Ordinal);
        Assert.Contains("the-portal-under-test", string.Concat(sent["/v1/traces"]), StringComparison.Ordinal);
        Assert.Contains("billing.payments", string.Concat(sent["/v1/metrics"]), StringComparison.Ordinal);
        Assert.Contains("settled by", string.Concat(sent["/v1/logs"]), StringComparison.Ordinal);
        var all = string.Concat(sent.SelectMany(bodies => bodies));
        foreach (var secret in new[]
        {
            key.Text[12..], person, TracedPortal.Password, "the-secret-of-an-invitation", "the-secret-of-a-query",
            "sk_test_sandbox", "Username=portal_ops",
            "INSERT INTO",
        })
        {
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_problem_names_the_trace_and_what_a_stranger_sends_instead_of_one_is_ignored()
    {
        using var stranger = portal.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/credits");
        request.Headers.TryAddWithoutValidation("traceparent", "'; DROP TABLE spans; --");
        var answer = await stranger.SendAsync(request);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var trace = answer.Headers.GetValues("Trace-Id").Single();

        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.Equal(trace, Text(problem, "traceId"));
    }

    private static Task<HttpResponseMessage> BuyAsync(HttpClient program, string card, string trace)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Intent)
        {
            Content = JsonContent.Create(new { packageId = "credits-250", paymentMethodId = card }),
        };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        return program.SendAsync(request);
    }

    private static bool Has(JsonElement line, string field) => line.TryGetProperty(field, out _);

    private static string Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) ? value.ToString() : "";
}
