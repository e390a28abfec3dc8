namespace BillingPortal.Kernel;

/// <summary>Settings of the portal as a whole, section <c>App</c>.</summary>
public sealed record AppOptions
{
    public const string Section = "App";

    /// <summary>
    /// Where people reach the portal; links in emails and return addresses of payments begin with it.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>An absolute address of a page, from a path such as <c>/cards</c>.</summary>
    public Uri Link(
        string path) => new(PublicUrl ?? throw new InvalidOperationException("App:PublicUrl is not set."), path);
}
