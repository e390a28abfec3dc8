using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BillingPortal.Processes;

/// <summary>The solution's programs where the build put them, and free ports for them.</summary>
public static class Programs
{
    /// <summary>The folder of the solution, found upwards from the running program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A project's program, built in the same configuration (Debug, Release) as the running one.</summary>
    public static string Find(string project)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;
        return Path.Combine(Root, project, "bin", configuration, "net10.0", $"{project}.dll");
    }

    /// <summary>A port of the loopback address that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static ProcessStartInfo Start(
        string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [Find(project), .. arguments])
        {
            WorkingDirectory = Path.Combine(Root, project),
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BillingPortal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("BillingPortal.sln is in no folder above this program.");
        }

        return folder.FullName;
    }
}
