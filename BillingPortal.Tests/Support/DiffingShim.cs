using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace BillingPortal.Tests.Support;

/// <summary>bunit was built against a newer AngleSharp.Diffing than the feed holds; the older one serves every call made here.</summary>
internal static class DiffingShim
{
    [ModuleInitializer]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
            : null;
}
