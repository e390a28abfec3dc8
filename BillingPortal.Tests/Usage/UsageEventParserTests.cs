using System.Text.Json;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Usage;

/// <summary>What a caller may send, and what is said when it may not.</summary>
public sealed class UsageEventParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_whole_event_is_understood()
    {
        var (reported, fault) = Parse(
            """{"service":"voice","quantity":5.5,"reference_id":"call-1","occurred_at":"2026-11-20T13:00:00+02:00","metadata":{"a": 1}}""");

        Assert.Null(fault);
        Assert.Equal(
            new UsageEvent("voice", 5.5m, "call-1", new DateTimeOffset(2026, 11, 20, 11, 0, 0, TimeSpan.Zero), """{"a": 1}"""), reported);
    }

    [Fact]
    public void A_time_without_offset_is_utc_and_no_time_is_now()
    {
        var (timed, _) = Parse("""{"service":"email","quantity":1,"reference_id":"m","occurred_at":"2026-11-20T11:00:00"}""");
        var (untimed, _) = Parse("""{"service":"email","quantity":1,"reference_id":"m","metadata":null,"extra":[]}""");

        Assert.Equal(Now.AddHours(-1), timed!.OccurredAt);
        Assert.Null(untimed!.OccurredAt);
    }

    [Theory]
    [InlineData("[]", "not_an_object")]
    [InlineData("\"text\"", "not_an_object")]
    [InlineData("""{"quantity":1,"reference_id":"r"}""", "unknown_service")]
    [InlineData("""{"service":"number_monthly","quantity":1,"reference_id":"r"}""", "unknown_service")]
    [InlineData("""{"service":"Voice","quantity":1,"reference_id":"r"}""", "unknown_service")]
    [InlineData("""{"service":7,"quantity":1,"reference_id":"r"}""", "unknown_service")]
    [InlineData("""{"service":"voice","reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":"1","reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":0,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":-1,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":1000000.1,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":1e400,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"email","quantity":1.5,"reference_id":"r"}""", "invalid_quantity")]
    [InlineData("""{"service":"voice","quantity":1}""", "invalid_reference_id")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"  "}""", "invalid_reference_id")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"a\u0000"}""", "invalid_reference_id")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"\ud800"}""", "invalid_reference_id")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"r","occurred_at":"yesterday"}""", "invalid_occurred_at")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"r","occurred_at":1764550000}""", "invalid_occurred_at")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"r","occurred_at":"1999-12-31T23:59:59Z"}""", "invalid_occurred_at")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"r","occurred_at":"2028-01-01T00:00:00Z"}""", "invalid_occurred_at")]
    [InlineData("""{"service":"voice","quantity":1,"reference_id":"r","metadata":[1]}""", "invalid_metadata")]
    public void What_is_wrong_is_named(string json, string code)
    {
        var (reported, fault) = Parse(json);

        Assert.Null(reported);
        Assert.Equal(code, fault!.Code);
    }

    [Fact]
    public void Reference_and_metadata_have_their_limits()
    {
        static string Json(int reference, int metadata) =>
            $$$"""
            {"service":"email","quantity":1,"reference_id":"{{{new string('r', reference)}}}",
             "metadata":{"m":"{{{new string('x', metadata)}}}"}}
            """;

        Assert.Null(Parse(Json(255, 4088)).Fault);
        Assert.Equal("invalid_reference_id", Parse(Json(256, 1)).Fault!.Code);
        Assert.Equal("invalid_metadata", Parse(Json(1, 4089)).Fault!.Code);
    }

    [Fact]
    public void The_reference_of_a_wrong_event_is_still_told()
    {
        using var json = JsonDocument.Parse("""{"service":"teleport","reference_id":"r-7"}""");

        Assert.Equal("r-7", UsageEventParser.ReferenceOf(json.RootElement));
    }

    private static (UsageEvent? Event, UsageFault? Fault) Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        return new UsageEventParser(new UsageOptions()).Parse(json.RootElement, Now);
    }
}
