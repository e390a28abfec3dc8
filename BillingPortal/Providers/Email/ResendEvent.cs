namespace BillingPortal.Providers.Email;

/// <summary>What Resend tells about an email, as far as it means something here.</summary>
public sealed record ResendEvent
{
    /// <summary>The tag under which an email carries our own id.</summary>
    internal const string IdTag = "email_id";
}
