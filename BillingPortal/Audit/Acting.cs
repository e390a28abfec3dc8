using BillingPortal.Tenants;

namespace BillingPortal.Audit;

/// <summary>
/// Who acts in this request or circuit, for services that pages, programs, webhooks and jobs call alike. Set where a request or an event
/// of a circuit comes in, from the session or the key alone; where nobody is signed in the portal itself acts.
/// </summary>
public static class Acting
{
    private static readonly AsyncLocal<Actor?> Here = new();

    /// <summary>Whoever acts now.</summary>
    public static Actor Now => Here.Value ?? Actor.System("Portal");

    /// <summary>Holds for what the caller awaits from here on.</summary>
    internal static void Enter(CurrentTenant current) =>
        Here.Value = current.UserId is not null || current.IsPresent ? current.Actor : null;

    /// <summary>The same for an actor that is known otherwise: tests, and work in somebody's name.</summary>
    internal static void Enter(Actor? actor) => Here.Value = actor;
}
