using System.Diagnostics;

namespace BillingPortal.Processes;

/// <summary>The providers' sandbox as a process of its own, as a portal on the same machine would see it.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    private SandboxProcess(RunningProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    /// <summary>Output, signals, exit.</summary>
    public RunningProcess Process { get; }

    public Uri Address { get; }

    /// <summary>Starts it and waits until it answers; in memory unless <c>Sandbox__StatePath</c> is set.</summary>
    public static async Task<SandboxProcess> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, int? port = null, string? outputFile = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? Programs.FreePort()}");
        var start = Programs.Start("BillingPortal.Sandbox", ["--urls", address.ToString()], settings);
        start.Environment.TryAdd("Logging__LogLevel__Default", "Error");
        start.Environment.TryAdd("Sandbox__StatePath", "");
        var sandbox = new SandboxProcess(RunningProcess.Start(start, outputFile), address);
        try
        {
            await sandbox.WaitUntilReadyAsync();
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var waited = Stopwatch.StartNew();
        while (!Process.HasExited && waited.Elapsed < ReadyPatience)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/clock", UriKind.Relative));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"The sandbox did not start:{Environment.NewLine}{Process.Output}");
    }
}
