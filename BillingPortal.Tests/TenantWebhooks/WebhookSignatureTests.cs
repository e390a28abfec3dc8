using BillingPortal.TenantWebhooks.Delivery;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>Signatures that other people's libraries check.</summary>
public sealed class WebhookSignatureTests
{
    // The vector of the Standard Webhooks libraries.
    [Fact]
    public void The_published_test_vector_comes_out()
    {
        var header = WebhookSignature.Header(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header);
    }

    [Fact]
    public void A_new_secret_has_32_random_bytes_behind_its_prefix()
    {
        var (one, other) = (WebhookSignature.NewSecret(), WebhookSignature.NewSecret());

        Assert.NotEqual(one, other);
        Assert.StartsWith("whsec_", one, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(one["whsec_".Length..]).Length);
    }

    [Fact]
    public void Ten_tries_are_spread_over_a_little_more_than_three_days()
    {
        var waits = Enumerable.Range(1, RetryWaits.TriesMax).Select(RetryWaits.After).ToList();

        Assert.Equal(10, RetryWaits.TriesMax);
        Assert.Null(waits[^1]);
        Assert.Equal(TimeSpan.FromSeconds(5), waits[0]);
        Assert.InRange(waits.Sum(wait => wait?.TotalDays ?? 0), 3, 3.5);
    }
}
