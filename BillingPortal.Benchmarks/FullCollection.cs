using System.Net.Sockets;
using System.Text;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Makes another .NET process collect its garbage in full, through the runtime's own diagnostic port: a trace session with the keyword
/// GCHeapCollect begins with such a collection. Format: github.com/dotnet/diagnostics, documentation/design-docs/ipc-protocol.md.
/// </summary>
internal static class FullCollection
{
    private const ulong HeapCollect = 0x800000;
    private const byte EventPipe = 0x02;
    private const byte CollectTracing2 = 0x03;

    public static async Task ForceAsync(int process)
    {
        var port = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{process}-*-socket").Single();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(port));
        await socket.SendAsync(Request());

        // The answer, then the trace, which is not read: the collection is over when events about it flow; two seconds are plenty.
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // closing the connection ends the session
        }
    }

    private static byte[] Request()
    {
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload, Encoding.Unicode);
        writer.Write(16u); // MB of buffer
        writer.Write(1u); // NetTrace
        writer.Write(false); // no rundown
        writer.Write(1u); // one provider
        writer.Write(HeapCollect);
        writer.Write(4u); // informational
        WriteText(writer, "Microsoft-Windows-DotNETRuntime");
        WriteText(writer, "");

        using var message = new MemoryStream();
        using var header = new BinaryWriter(message);
        header.Write("DOTNET_IPC_V1\0"u8);
        header.Write((ushort)(20 + payload.Length));
        header.Write(EventPipe);
        header.Write(CollectTracing2);
        header.Write((ushort)0);
        header.Write(payload.ToArray());
        return message.ToArray();
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write((uint)(text.Length + 1));
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }
}
