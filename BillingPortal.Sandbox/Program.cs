namespace BillingPortal.Sandbox;

/// <summary>Starts the sandbox on its own. Tests host the same application inside their process.</summary>
internal static class SandboxProgram
{
    private static Task Main(string[] args) => SandboxApp.Build(args).RunAsync();
}
