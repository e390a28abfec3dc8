using System.Diagnostics;
using System.Net.Http.Headers;

namespace BillingPortal.Processes;

/// <summary>
/// The shipped portal as a process of its own, with its jobs; it may be killed at any moment and started again on its database.
/// </summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(90);

    private PortalProcess(RunningProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    /// <summary>Output, signals, exit.</summary>
    public RunningProcess Process { get; }

    public Uri Address { get; }

    public string Output => Process.Output;

    /// <summary>Starts the portal and waits until it is ready.</summary>
    /// <param name="connectionString">The database as its owner sees it.</param>
    /// <param name="sandbox">The providers.</param>
    /// <param name="settings">Environment variables in .NET's form, <c>Stripe__ApiBase</c>; they win over what stands here.</param>
    /// <param name="port">The same as before a restart, say; a free one when null.</param>
    /// <param name="outputFile">Takes what it prints, instead of <see cref="Output"/>.</param>
    public static async Task<PortalProcess> StartAsync(
        string connectionString, Uri sandbox, IReadOnlyDictionary<string, string>? settings = null, int? port = null,
        string? outputFile = null)
    {
        var portal = Launch(connectionString, sandbox, settings, port, outputFile);
        try
        {
            await portal.WaitUntilReadyAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the portal and does not wait: it may come up while its database is away.</summary>
    public static PortalProcess Launch(
        string connectionString, Uri sandbox, IReadOnlyDictionary<string, string>? settings = null, int? port = null,
        string? outputFile = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? Programs.FreePort()}");
        var start = Programs.Start("BillingPortal", ["--urls", address.ToString()], Environment(connectionString, sandbox, settings));
        start.Environment.TryAdd("App__PublicUrl", address.ToString().TrimEnd('/'));
        return new PortalProcess(RunningProcess.Start(start, outputFile), address);
    }

    /// <summary>One of the portal's commands, <c>job phone-rent</c>, as a process of its own.</summary>
    public static RunningProcess RunVerb(
        string connectionString, Uri? sandbox, IReadOnlyDictionary<string, string>? settings, params string[] verb) =>
        RunningProcess.Start(Programs.Start("BillingPortal", verb, Environment(connectionString, sandbox, settings)));

    /// <summary>A client that speaks with an API key.</summary>
    public HttpClient Client(string apiKey)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return client;
    }

    /// <summary>SIGTERM and the wait for the exit: what an operator's stop does.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync(TimeSpan? patience = null) => Process.TerminateAsync(patience);

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message holds what it printed.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan? patience = null)
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        var waited = Stopwatch.StartNew();
        while (!Process.HasExited && waited.Elapsed < (patience ?? ReadyPatience))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // not listening yet, or its database does not answer
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"The portal did not become ready:{System.Environment.NewLine}{Output}");
    }

    /// <summary>Ends it. What it printed is kept in the folder that <c>PORTAL_LOGS</c> names, where something does.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (System.Environment.GetEnvironmentVariable("PORTAL_LOGS") is { Length: > 0 } folder && Output is { Length: > 0 } printed)
        {
            Directory.CreateDirectory(folder);
            await File.AppendAllTextAsync(Path.Combine(folder, $"portal-{Address.Port}.log"), printed);
        }
    }

    private static Dictionary<string, string> Environment(
        string connectionString, Uri? sandbox, IReadOnlyDictionary<string, string>? settings)
    {
        Dictionary<string, string> environment = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", // the sandbox's providers
            ["Demo__Seed"] = "false",
            ["ConnectionStrings__BillingPortal"] = connectionString,
        };
        if (sandbox is not null)
        {
            environment["Sandbox__Url"] = sandbox.ToString().TrimEnd('/');
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return environment;
    }
}
