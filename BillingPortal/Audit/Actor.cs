using BillingPortal.Tenants;

namespace BillingPortal.Audit;

/// <summary>What kind of hand changed something.</summary>
public enum ActorKind
{
    /// <summary>A tenant's member.</summary>
    Person = 1,

    /// <summary>One of the platform's own people.</summary>
    Staff = 2,

    /// <summary>A program with a tenant's API key, or with a token of the API's issuer.</summary>
    ApiKey = 3,

    /// <summary>A job, a webhook or a command: nobody was signed in.</summary>
    System = 4,
}

/// <summary>Who changed something, as it was at that time: people change their names and roles, the log does not.</summary>
/// <param name="Kind">What kind of hand.</param>
/// <param name="Id">The user's or the API key's; null for the system.</param>
/// <param name="Name">What a reader should see: "Ann Lee (support lead)".</param>
public sealed record Actor(ActorKind Kind, Guid? Id, string Name)
{
    /// <summary>Work without a person: "Auto-recharge", "Command line".</summary>
    public static Actor System(string name) => new(ActorKind.System, Id: null, name);
}

/// <summary>The actor of a session or an API key.</summary>
public static class Actors
{
    extension(CurrentTenant current)
    {
        /// <summary>Whoever acts here.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in: work of the system names itself.</exception>
        public Actor Actor => current switch
        {
            { View: { } view } => new(ActorKind.Staff, view.StaffId, $"{current.UserName} (looking)"),
            { UserId: { } user, StaffRole: { } role } => new(ActorKind.Staff, user, Named(current, role.ToText())),
            { UserId: { } user, Role: { } role } => new(ActorKind.Person, user, Named(current, role.ToText())),
            { UserId: { } user } => new(ActorKind.Person, user, current.UserName ?? "Somebody"),
            _ when SessionClaims.GuidOf(current.Principal, SessionClaims.ApiKeyId) is { } key =>
                new(ActorKind.ApiKey, key, $"API key {current.UserName}"),
            _ when SessionClaims.GuidOf(current.Principal, SessionClaims.ApiTokenId) is { } token =>
                new(ActorKind.ApiKey, token, $"API token of {current.UserName}"),
            _ => throw new InvalidOperationException(
                "Nobody is signed in here, so nobody can be written into the audit log. Use Actor.System for work without a person."),
        };
    }

    private static string Named(CurrentTenant current, string role) => $"{current.UserName} ({role.ToLowerInvariant()})";
}
