using System.Net.Http.Json;
using BillingPortal.Kernel;

namespace BillingPortal.Providers.Sandbox;

/// <summary>Reads and moves the sandbox's clock. Exists only where the sandbox stands in for the providers.</summary>
public sealed class SandboxClockClient(HttpClient http, SandboxClock clock)
{
    // Every process that follows the clock has a name, so that the sandbox knows whose acknowledgement it waits for.
    private readonly string _name = $"portal-{Ids.New():N}";

    /// <summary>
    /// Moves the sandbox's clock. When this returns, this process runs on the new time, and so does every other one
    /// that follows the clock.
    /// </summary>
    public Task SetAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        MoveAsync(new { now }, cancellationToken);

    /// <summary>Puts the sandbox's clock back on system time, with the same promise.</summary>
    public Task ResetAsync(CancellationToken cancellationToken = default) =>
        MoveAsync(new { reset = true }, cancellationToken);

    private async Task MoveAsync(object move, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("clock", move, cancellationToken);
        response.EnsureSuccessStatusCode();
        clock.Take((await response.Content.ReadFromJsonAsync<SandboxClockReading>(cancellationToken))!);
    }

    internal Task ReadAsync(CancellationToken cancellationToken) => TakeAsync($"clock?client={_name}", cancellationToken);

    /// <summary>
    /// Returns when the clock was moved or after the sandbox's long-poll time; asking is the acknowledgement.
    /// </summary>
    internal Task WaitForMoveAsync(CancellationToken cancellationToken) =>
        TakeAsync($"clock?after={clock.Version}&client={_name}", cancellationToken);

    private async Task TakeAsync(string path, CancellationToken cancellationToken) =>
        clock.Take((await http.GetFromJsonAsync<SandboxClockReading>(path, cancellationToken))!);
}
