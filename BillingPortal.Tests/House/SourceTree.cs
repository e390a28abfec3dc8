namespace BillingPortal.Tests.House;

/// <summary>The project's own source files, found from the test's output folder upwards.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files of one ending below a folder of the root, build output and generated migrations left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj" or "Migrations" or "node_modules" or "lib"));

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BillingPortal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("BillingPortal.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
