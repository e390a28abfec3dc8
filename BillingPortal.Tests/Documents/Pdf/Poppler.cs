using System.Diagnostics;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Documents.Pdf;

/// <summary>Poppler's programs, where the machine has them: a reader that is not ours.</summary>
internal static class Poppler
{
    public static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "pdftotext")));

    public static async Task<string> TextAsync(byte[] pdf)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Ids.New()}.pdf");
        await File.WriteAllBytesAsync(file, pdf, TestContext.Current.CancellationToken);
        try
        {
            var start = new ProcessStartInfo("pdftotext", ["-layout", "-enc", "UTF-8", file, "-"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", await errors);
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
