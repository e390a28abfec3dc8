using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Webhooks;
using BillingPortal.Voice;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Voice;

/// <summary>Calls of the sandbox's phone, reported by signed webhooks over HTTP, against holds made through the API.</summary>
public sealed class VoiceStoryTests(WebhookPortal portal) : IClassFixture<WebhookPortal>
{
    private Uri Voice => new(portal.Address, "api/webhooks/twilio/voice");

    [Theory]
    [InlineData("completed", 61, 950)]
    [InlineData("busy", 0, 1000)]
    [InlineData("no-answer", 0, 1000)]
    [InlineData("failed", 0, 1000)]
    [InlineData("canceled", 0, 1000)]
    public async Task A_call_from_the_phone_ends_the_hold_that_was_made_for_it(string outcome, int seconds, decimal left)
    {
        var tenant = await portal.TenantAsync();
        await CreditAsync(tenant.Id, 1000);
        using var program = await portal.ProgramAsync(tenant);
        var sid = SandboxTwilio.NewCallSid();
        using var hold = await program.PostAsync("/api/usage/holds", Json(
            $$"""{"service":"voice","quantity":4,"reference_id":"{{sid}}"}"""));
        Assert.True(hold.IsSuccessStatusCode, await hold.Content.ReadAsStringAsync());

        await portal.Sandbox.Twilio.CallAsync(
            SandboxTwilio.NewHandset(), await portal.Sandbox.Twilio.OwnNumberAsync(), seconds, outcome, sid, Voice);
        var call = await EndedAsync(sid);

        Assert.Equal(left == 1000 ? CallCharge.NotCharged : CallCharge.Charged, call.Charge);
        var balance = await portal.Services.GetRequiredService<BalanceReader>().ReadAsync(tenant.Id, Unit.Credits);
        Assert.Equal((left, 0m), (balance.Available.ToDecimal(), balance.Held.ToDecimal()));
    }

    // Twilio's webhook said "completed" and not how long; its API does.
    [Fact]
    public async Task The_length_of_a_call_is_asked_for_where_the_webhook_does_not_tell_it()
    {
        var tenant = await portal.TenantAsync();
        await CreditAsync(tenant.Id, 100);
        var number = await portal.Sandbox.Twilio.OwnNumberAsync();
        var sid = await portal.Sandbox.Twilio.CallAsync(SandboxTwilio.NewHandset(), number, seconds: 61);
        await using (var unit = await portal.Database.BeginOpsAsync())
        {
            unit.Db.Add(new VoiceCall
            {
                CallSid = sid,
                TenantId = tenant.Id,
                FromNumber = "+15551230001",
                ToNumber = number,
                Direction = CallDirection.Inbound,
                Status = CallStatus.Ringing,
                Charge = CallCharge.Open,
                StartedAt = portal.Now,
            });
            await unit.CommitAsync();
        }

        await portal.Services.GetRequiredService<VoiceCallService>().SettleAsync(new CallNews(
            sid, CallStatus.Completed, "+15551230001", number, CallDirection.Inbound, null, portal.Now));

        var call = await EndedAsync(sid);
        Assert.Equal((61, Amount.Credits(50)), (call.MeasuredSeconds, call.Amount));
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private async Task<VoiceCall> EndedAsync(string sid)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            await using (var unit = await portal.Database.BeginOpsAsync())
            {
                var call = await unit.Db.Set<VoiceCall>().AsNoTracking().SingleOrDefaultAsync(row => row.CallSid == sid);
                if (call is { Charge: not CallCharge.Open })
                {
                    return call;
                }

                var rows = await unit.Db.Set<WebhookEvent>().AsNoTracking()
                    .Where(row => row.ObjectId == sid).ToListAsync();
                Assert.True(
                    TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60),
                    string.Join(", ", rows.Select(row => $"{row.EventId} {row.State} {row.LastError}")));
            }

            await Task.Delay(20);
        }
    }

    private Task<PostResult> CreditAsync(Guid tenantId, decimal credits) =>
        portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenantId,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = portal.Now,
        });
}
