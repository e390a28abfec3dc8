using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>The next calls to each of the three providers go wrong in one way.</summary>
internal sealed class ProviderFault(string kind, string words) : IFault
{
    public string Name => $"provider-{kind.Replace('_', '-')}";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var milliseconds = kind switch
        {
            "slow" => random.Next(500, 4000),
            "timeout_after" or "disconnect" => random.Next(0, 3000),
            _ => 0,
        };
        List<string> hit = [];
        foreach (var provider in SandboxControl.Providers)
        {
            var count = random.Next(1, 6);
            await world.Control.FaultAsync(provider, kind, count, milliseconds);
            hit.Add($"{count} of {provider}");
        }

        return $"{words}: the next calls, {string.Join(", ", hit)}" + (milliseconds > 0 ? $", {milliseconds} ms" : "");
    }
}
