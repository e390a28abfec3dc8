namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Why a sign-in by single sign-on came to nothing. Nothing was changed then.</summary>
internal enum SsoRefusal
{
    /// <summary>The tenant has none, or no such tenant is known.</summary>
    NoConnection = 1,

    /// <summary>Too many tries from there.</summary>
    TooMany = 2,

    /// <summary>It could not be asked, or makes no sense.</summary>
    IssuerDown = 3,

    /// <summary>Another browser, too late, or a second time.</summary>
    Lost = 4,

    /// <summary>The issuer said no.</summary>
    Denied = 5,

    /// <summary>What the issuer sent is not good.</summary>
    BadAnswer = 6,

    /// <summary>It names no address, or one that is not verified.</summary>
    Unverified = 7,

    /// <summary>An address of a domain that is not the connection's.</summary>
    ForeignDomain = 8,

    /// <summary>Nobody's member, and the tenant does not let people join this way.</summary>
    NotMember = 9,

    /// <summary>Somebody else's subject holds that address.</summary>
    Taken = 10,

    /// <summary>One of the platform's own people.</summary>
    Staff = 11,

    /// <summary>The browser has another person's session.</summary>
    SomebodyElse = 12,
}

/// <summary>The refusals in a person's words, and their codes in addresses.</summary>
internal static class SsoTexts
{
    public static string CodeOf(SsoRefusal refusal) => refusal.ToString().ToLowerInvariant();

    /// <summary>The sentence of a code; null for a text that is none.</summary>
    public static string? OfCode(string? code) =>
        Enum.GetValues<SsoRefusal>().Where(one => CodeOf(one) == code).Select(one => Of(one)).FirstOrDefault();

    public static string Of(SsoRefusal refusal) => refusal switch
    {
        SsoRefusal.NoConnection =>
            "There is no single sign-on for that. Sign in with your email and password, or ask an owner of your account.",
        SsoRefusal.TooMany => "Too many attempts from here. Wait a minute, then try again.",
        SsoRefusal.IssuerDown =>
            "Your company's sign-in does not answer at the moment. Try again in a minute; owners can sign in with their password.",
        SsoRefusal.Lost =>
            "That sign-in took longer than ten minutes, was used already, or began in another browser. Begin again here.",
        SsoRefusal.Denied => "Your company's sign-in said no. Ask whoever looks after it whether you may use this portal.",
        SsoRefusal.BadAnswer =>
            "What your company's sign-in sent cannot be trusted, so you were not signed in. Begin again; if it stays, tell an owner "
                + "of your account.",
        SsoRefusal.Unverified =>
            "Your company's sign-in does not vouch for your email address, so we cannot tell who you are. Ask whoever looks after it.",
        SsoRefusal.ForeignDomain =>
            "Your email address does not belong to the domains of this account's single sign-on. Sign in with your password instead.",
        SsoRefusal.NotMember => "You are not a member of this account. Ask one of its owners to invite you.",
        SsoRefusal.Taken =>
            "Your email address belongs to another person of your company's sign-in here. Ask an owner of your account.",
        SsoRefusal.SomebodyElse => "Somebody else is signed in in this browser. Sign out first, then begin again.",
        SsoRefusal.Staff => "Single sign-on is for tenants' people. Sign in with your email and password.",
    };
}
