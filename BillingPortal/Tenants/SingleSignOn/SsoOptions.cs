namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Settings of single sign-on, section <c>SingleSignOn</c>.</summary>
public sealed record SsoOptions
{
    public const string Section = "SingleSignOn";

    /// <summary>
    /// Lets tenants name issuers in the operator's own network, and on this machine without https. Null: in Development only.
    /// </summary>
    public bool? AllowPrivateIssuers { get; set; }
}
