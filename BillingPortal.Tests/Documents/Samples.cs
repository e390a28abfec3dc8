using System.Diagnostics;
using BillingPortal.Tests.House;

namespace BillingPortal.Tests.Documents;

/// <summary>
/// Documents to be looked at: kept in <c>out/documents</c>, as a file and, where Poppler is installed, as pictures of
/// its pages.
/// </summary>
internal static class Samples
{
    public static async Task KeepAsync(string name, byte[] pdf)
    {
        var folder = Directory.CreateDirectory(Path.Combine(SourceTree.Root, "out", "documents")).FullName;
        var file = Path.Combine(folder, $"{name}.pdf");
        await File.WriteAllBytesAsync(file, pdf, TestContext.Current.CancellationToken);
        if (!Pdf.Poppler.IsThere)
        {
            return;
        }

        using var process = Process.Start(
            new ProcessStartInfo("pdftoppm", ["-r", "80", "-png", file, Path.Combine(folder, name)])
            {
                RedirectStandardError = true,
            })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", errors);
    }
}
