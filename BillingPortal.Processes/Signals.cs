using System.Globalization;
using System.Runtime.InteropServices;

namespace BillingPortal.Processes;

/// <summary>The signals of Linux, and the processes below one.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends it; a process that is gone already is no error.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    /// <summary>The process and everything that it started.</summary>
    public static IReadOnlyList<int> Family(int process)
    {
        List<int> family = [process];
        for (var i = 0; i < family.Count; i++)
        {
            family.AddRange(Children(family[i]));
        }

        return family;
    }

    private static IEnumerable<int> Children(int process)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{process}/task/{process}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // gone in the meantime
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
