using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;
using BillingPortal.Voice;

namespace BillingPortal.Tests.Voice;

/// <summary>The list of calls, page by page, and how it reads.</summary>
public sealed class VoiceCallReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private VoiceCallReader Calls => new(postgres.Database, postgres.Clock);

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_and_show_the_tenants_own_calls()
    {
        var (mine, other) = (Ids.New(), Ids.New());
        await SampleCalls.AddAsync(postgres.Database, mine, 60, postgres.Clock.GetUtcNow());
        await SampleCalls.AddAsync(postgres.Database, other, 3, postgres.Clock.GetUtcNow());

        var seen = new List<VoiceCall>();
        VoiceCursor? cursor = null;
        do
        {
            var page = await Calls.PageAsync(mine, callSid: null, cursor);
            seen.AddRange(page.Calls);
            cursor = VoiceCursor.Parse(page.Next?.ToString());
        }
        while (cursor is not null);

        Assert.Equal(60, seen.Select(call => call.CallSid).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(call => call.StartedAt).Select(call => call.CallSid), seen.Select(call => call.CallSid));
        Assert.All(seen, call => Assert.Equal(mine, call.TenantId));
    }

    [Fact]
    public async Task One_call_is_found_by_its_id_and_not_by_another_tenant()
    {
        var (mine, other) = (Ids.New(), Ids.New());
        await SampleCalls.AddAsync(postgres.Database, mine, 2, postgres.Clock.GetUtcNow());
        var sid = (await Calls.PageAsync(mine, null, null)).Calls[1].CallSid;

        Assert.Equal(sid, Assert.Single((await Calls.PageAsync(mine, sid, null)).Calls).CallSid);
        Assert.Empty((await Calls.PageAsync(other, sid, null)).Calls);
    }

    // 20 November: the second and third of the sample calls have ended, 61 s and 3,725 s.
    [Fact]
    public async Task The_months_figures_add_up_what_was_measured_billed_and_paid()
    {
        var tenant = Ids.New();
        await SampleCalls.AddAsync(postgres.Database, tenant, 3, new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        await SampleCalls.AddAsync(postgres.Database, tenant, 3, new DateTimeOffset(2026, 10, 20, 12, 0, 0, TimeSpan.Zero));
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 13, 0, 0, TimeSpan.Zero));

        var month = (await new VoiceCallReader(postgres.Database, clock).PageAsync(tenant, null, null)).Month;

        Assert.Equal((3, 3786L, 3900L), (month.Calls, month.MeasuredSeconds, month.BilledSeconds));
        Assert.Equal(Amount.Credits(1625), Assert.Single(month.Costs));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(3600, "1 h 00 min 00 s")]
    [InlineData(90_061, "25 h 01 min 01 s")]
    public void Durations_are_exact(long seconds, string text) => Assert.Equal(text, VoiceTexts.Duration(seconds));

    [Theory]
    [InlineData(CallStatus.Ringing, CallCharge.Open, "Ringing")]
    [InlineData(CallStatus.InProgress, CallCharge.Open, "In progress")]
    [InlineData(CallStatus.Completed, CallCharge.Open, "Being settled")]
    [InlineData(CallStatus.Completed, CallCharge.Charged, "Completed")]
    [InlineData(CallStatus.Completed, CallCharge.NotCharged, "No charge")]
    [InlineData(CallStatus.NoAnswer, CallCharge.NotCharged, "No answer")]
    public void A_state_is_one_word_or_two(CallStatus status, CallCharge charge, string text)
    {
        var call = new VoiceCall
        {
            CallSid = "CA1",
            TenantId = Ids.New(),
            FromNumber = "+1",
            ToNumber = "+2",
            Direction = CallDirection.Inbound,
            Status = status,
            Charge = charge,
            StartedAt = postgres.Clock.GetUtcNow(),
        };

        var (word, tone) = VoiceTexts.State(call);

        Assert.Equal(text, word);
        Assert.Equal(text == "Completed", tone is StatusTone.Good);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-")]
    [InlineData("99999999999999999999-CA1")]
    [InlineData("9223372036854775807-CA1")]
    [InlineData("1-CA1-2")]
    public void A_made_up_place_in_the_list_is_none(string? text) => Assert.Null(VoiceCursor.Parse(text));
}
