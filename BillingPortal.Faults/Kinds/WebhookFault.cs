using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>The next webhooks of any provider are dropped, doubled, told twice, delayed, or come newest first.</summary>
internal sealed class WebhookFault(string mode) : IFault
{
    public string Name => $"webhook-{mode}";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var (count, milliseconds) = (random.Next(2, 12), random.Next(1000, 10_000));
        await world.Control.SpoilWebhooksAsync(mode, count, milliseconds);
        return $"the next {count} webhooks: {mode}" + (mode == "delay" ? $" by {milliseconds} ms" : "");
    }
}
