namespace BillingPortal.Tenants.Tokens;

/// <summary>Why nothing useful came from an issuer.</summary>
internal enum IssuerFault
{
    /// <summary>No address to ask, or one that must not be asked.</summary>
    BadAddress = 1,

    /// <summary>It leads into a private network.</summary>
    PrivateAddress = 2,

    /// <summary>No connection, or none in time.</summary>
    Unreachable = 3,

    /// <summary>It answered, but not with 200.</summary>
    WrongStatus = 4,

    /// <summary>The answer is longer than anything sensible.</summary>
    TooLong = 5,

    /// <summary>What came is not what was asked for.</summary>
    NoDocument = 6,

    /// <summary>The document belongs to another issuer.</summary>
    AnotherIssuer = 7,

    /// <summary>It publishes no key that may be used.</summary>
    NoKeys = 8,
}

/// <summary>An issuer could not be read. The message is a sentence for people and carries no secret.</summary>
internal sealed class IssuerException(IssuerFault fault, string message) : Exception(message)
{
    public IssuerFault Fault { get; } = fault;
}
