using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Numbers;

/// <summary>A number that the account bought; once released it is kept only for its conversations.</summary>
internal sealed record OwnedNumber : IRecord
{
    public required string Id { get; init; }

    public required string PhoneNumber { get; init; }

    public required string FriendlyName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsForSms { get; init; } = true;

    public string SmsUrl { get; init; } = "";

    public string SmsFallbackUrl { get; init; } = "";

    public string VoiceUrl { get; init; } = "";

    public string VoiceFallbackUrl { get; init; } = "";

    public string StatusCallback { get; init; } = "";

    public bool IsReleased { get; init; }

    /// <summary>The number in the account's hands; null when it is nobody's.</summary>
    public static OwnedNumber? Find(Change change, string phoneNumber) =>
        change.Find<NumberHolder>(phoneNumber)?.Sid is { } sid ? change.Find<OwnedNumber>(sid) : null;

    public static OwnedNumber Take(Change change, OwnedNumber number)
    {
        change.Put(new NumberHolder { Id = number.PhoneNumber, Sid = number.Id });
        return change.Put(number);
    }

    public static void Release(Change change, OwnedNumber number, DateTimeOffset now)
    {
        change.Put(number with { IsReleased = true, UpdatedAt = now });
        change.Put(new NumberHolder { Id = number.PhoneNumber, Sid = null });
    }
}

/// <summary>Who holds a phone number now.</summary>
internal sealed record NumberHolder : IRecord
{
    public required string Id { get; init; }

    public required string? Sid { get; init; }
}
