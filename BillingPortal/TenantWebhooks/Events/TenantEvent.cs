namespace BillingPortal.TenantWebhooks.Events;

/// <summary>What a tenant's own programs can be told of.</summary>
public enum TenantEvent
{
    BalanceLow = 1,
    RechargeSucceeded,
    RechargeFailed,
    RechargeActionRequired,
    RechargePaused,
    PurchaseSettled,
    NumberSuspended,
    NumberResumed,
    StatementReady,

    /// <summary>Sent when a person asks for it, to one endpoint only.</summary>
    Test,
}

/// <summary>An event as people choose it.</summary>
/// <param name="Code">In payloads and in the table of endpoints; never changes.</param>
/// <param name="About">When it comes, in half a sentence.</param>
public sealed record TenantEventKind(TenantEvent Event, string Code, string About);

/// <summary>The closed table of events.</summary>
public static class TenantEventKinds
{
    /// <summary>Those that an endpoint can choose.</summary>
    public static IReadOnlyList<TenantEventKind> All { get; } =
    [
        new(TenantEvent.BalanceLow, "balance.low", "the balance fell to a lower level: low, warning or critical"),
        new(TenantEvent.RechargeSucceeded, "recharge.succeeded", "an auto-recharge was paid and its credits are there"),
        new(TenantEvent.RechargeFailed, "recharge.failed", "an attempt to recharge ended without a payment"),
        new(TenantEvent.RechargeActionRequired, "recharge.action_required", "the bank wants the cardholder to confirm"),
        new(TenantEvent.RechargePaused, "recharge.paused", "auto-recharge stopped until somebody acts"),
        new(TenantEvent.PurchaseSettled, "purchase.settled", "a payment went through, whoever began it"),
        new(TenantEvent.NumberSuspended, "number.suspended", "a phone number's rent was not covered"),
        new(TenantEvent.NumberResumed, "number.resumed", "a suspended phone number is back in service"),
        new(TenantEvent.StatementReady, "statement.ready", "a month's statement is final"),
    ];

    private static readonly TenantEventKind TestKind =
        new(TenantEvent.Test, "webhook.test", "somebody asked for a test");

    private static readonly Dictionary<TenantEvent, TenantEventKind> ByEvent =
        All.Append(TestKind).ToDictionary(kind => kind.Event);

    public static string ToCode(this TenantEvent kind) => ByEvent[kind].Code;

    public static bool IsChoice(string code) => All.Any(kind => kind.Code == code);
}
