using System.Diagnostics;
using BillingPortal.Data;

namespace BillingPortal.Benchmarks;

/// <summary>The shipped portal as a process of its own, with its jobs, on the benchmark's database.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PortalProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<PortalProcess> StartAsync(ConnectionStrings connections, SandboxProcess sandbox)
    {
        var address = new Uri($"http://127.0.0.1:{SandboxProcess.FreePort()}");
        var start = new ProcessStartInfo("dotnet", [SandboxProcess.ProgramFile("BillingPortal"), "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development"; // the sandbox's providers
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["ConnectionStrings__BillingPortal"] = connections.Owner;
        start.Environment["App__PublicUrl"] = address.ToString();
        start.Environment["Sandbox__Url"] = sandbox.Address.ToString();
        start.Environment["Demo__Seed"] = "false";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var client = new HttpClient { BaseAddress = address };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                return new PortalProcess(process, address);
            }
            catch (HttpRequestException) when (attempt < 600 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
