using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Voice;

/// <summary>Which side called.</summary>
public enum CallDirection
{
    Inbound = 1,
    Outbound,
}

/// <summary>What a call has cost.</summary>
public enum CallCharge
{
    /// <summary>It has not ended.</summary>
    Open = 1,

    Charged,

    /// <summary>It came to nothing, or the plan has no price for calls.</summary>
    NotCharged,
}

/// <summary>
/// One call of a tenant, as the provider told it, beside what the books took for it. Holds at every commit: one row per
/// call of the provider; charged exactly while it has an amount. The books never depend on it.
/// </summary>
public sealed class VoiceCall
{
    /// <summary>The provider's id (<c>CA…</c>), and the reference of its hold and entry.</summary>
    public required string CallSid { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>E.164, or whatever the provider calls the other side.</summary>
    public required string FromNumber { get; init; }

    public required string ToNumber { get; init; }

    public required CallDirection Direction { get; init; }

    /// <summary>Moves forward only.</summary>
    public required CallStatus Status { get; set; }

    /// <summary>How long it lasted; null before its end.</summary>
    public int? MeasuredSeconds { get; set; }

    /// <summary>How long it counts: started minutes as whole ones on the credits plan.</summary>
    public int? BilledSeconds { get; set; }

    public required CallCharge Charge { get; set; }

    /// <summary>The account that paid.</summary>
    public Unit? Unit { get; set; }

    /// <summary>The whole price, debt included.</summary>
    public long? AmountE4 { get; set; }

    public Guid? HoldId { get; set; }

    public long? EntrySeq { get; set; }

    /// <summary>The month's reservation that it is part of; null where it was debited by itself.</summary>
    public Guid? ReservationId { get; set; }

    /// <summary>When the first word of it came.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public Amount? Amount => AmountE4 is { } e4 && Unit is { } unit ? new Amount(e4, unit) : null;

    public string? EntryId => EntrySeq is { } seq && Unit is { } unit ? $"{unit.ToCode()}-{seq}" : null;
}

/// <summary>Table <c>voice_calls</c>.</summary>
internal sealed class VoiceCallMap : IEntityTypeConfiguration<VoiceCall>
{
    public void Configure(EntityTypeBuilder<VoiceCall> call)
    {
        call.ToTable("voice_calls", table =>
        {
            table.HasCheckConstraint(
                "ck_voice_calls_charged",
                "(charge = 'charged') = (amount_e4 IS NOT NULL) AND (amount_e4 IS NULL) = (unit IS NULL) AND amount_e4 >= 0");
            table.HasCheckConstraint("ck_voice_calls_seconds", "measured_seconds >= 0 AND billed_seconds >= 0");
            table.HasCheckConstraint("ck_voice_calls_ended", "(charge = 'open') = (ended_at IS NULL)");
        });
        call.HasKey(row => row.CallSid);
        call.HasCode(row => row.Direction);
        call.HasCode(row => row.Status);
        call.HasCode(row => row.Charge);
        call.HasCode(row => row.Unit);
        call.Ignore(row => row.Amount);
        call.Ignore(row => row.EntryId);
        call.HasIndex(row => new { row.TenantId, row.StartedAt, row.CallSid });
    }
}
