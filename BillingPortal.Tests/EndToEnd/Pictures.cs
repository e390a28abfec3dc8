namespace BillingPortal.Tests.EndToEnd;

/// <summary>Where pictures of pages go: <c>out/screenshots</c> of the repository, which is not kept.</summary>
internal static class Pictures
{
    public static string Folder { get; } = Path.Combine(Root(), "out", "screenshots");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BillingPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
