using BillingPortal.Tenants;

namespace BillingPortal.Support;

/// <summary>What one of the staff may do alone, and who may decide about the rest. Pure.</summary>
public static class StaffLimitPolicy
{
    /// <param name="role">Of the person who asks.</param>
    /// <param name="valueCents">Of this action; null when nothing says what it is worth.</param>
    /// <param name="usedTodayCents">What the same person has moved alone since midnight UTC.</param>
    /// <param name="leavesDebt">More is taken than is there.</param>
    /// <param name="options">The limits.</param>
    public static LimitVerdict Judge(
        StaffRole role, long? valueCents, long usedTodayCents, bool leavesDebt, SupportOptions options) => new(
        IsAboveLimit: valueCents is not { } value || value > options.ActionCents(role),
        IsAboveDay: (valueCents ?? 0) + usedTodayCents > options.DayCents(role),
        LeavesDebt: leavesDebt);

    /// <summary>Null when this person may decide; else why not.</summary>
    public static string? WhyNotDecide(StaffAction action, StaffPerson person) => (action, person) switch
    {
        ({ State: not StaffActionState.AwaitingApproval }, _) => "It does not wait for a decision any more.",
        (_, { Role: not StaffRole.Lead }) => "Only a support lead decides about requests.",
        _ when action.RequestedBy == person.Id => "Nobody decides about a request of their own: ask another support lead.",
        _ => null,
    };

    /// <summary>Midnight UTC, where the day's limit begins anew.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}

/// <summary>Why a second person is asked; nothing set: nobody is.</summary>
public sealed record LimitVerdict(bool IsAboveLimit, bool IsAboveDay, bool LeavesDebt)
{
    public bool NeedsApproval => IsAboveLimit || IsAboveDay || LeavesDebt;
}
