using System.Diagnostics;

namespace BillingPortal.Faults.Scene;

/// <summary>
/// The disk of the database: a tmpfs of limited size where this process may mount one, else a plain folder that is never full.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 512;
    private readonly bool _keep;

    private SmallDisk(string folder, string? refusal, bool keep)
    {
        (Folder, Refusal, _keep) = (folder, refusal, keep);
    }

    public string Folder { get; }

    /// <summary>Why it is a plain folder; null when it can be filled.</summary>
    public string? Refusal { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    public static SmallDisk Make(string folder, bool keep)
    {
        Directory.CreateDirectory(folder);
        var mount = Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=0755", "tmpfs", folder);
        return new SmallDisk(folder, mount, keep);
    }

    /// <summary>Takes every byte that is left.</summary>
    public long Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            return file.Length; // full
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        if (_keep)
        {
            return;
        }

        if (Refusal is null)
        {
            Run("umount", "-l", Folder);
        }

        Directory.Delete(Folder, recursive: true);
    }

    // What it said when it failed; null when it worked.
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"there is no {program} here";
        }
    }
}
