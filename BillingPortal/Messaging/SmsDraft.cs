namespace BillingPortal.Messaging;

/// <summary>A wish to send that can be read: numbers in E.164, a text that can travel. Pure.</summary>
/// <param name="From">Null: the tenant's first number in service.</param>
internal sealed record SmsDraft(string To, string Country, string Body, string? From)
{
    public const int BodyMax = SmsSegments.CharactersMax;

    public static (SmsDraft? Draft, SmsRefusal? Refusal) Read(SendSms wish)
    {
        if (E164.Normalize(wish.To) is not { } to)
        {
            return (null, Invalid("invalid_to", "\"to\" must be a whole phone number in international form, for "
                + "example +14155550123: a plus sign or 00, the country code, then the number without a leading 0."));
        }

        string? from = null;
        if (!string.IsNullOrWhiteSpace(wish.From) && (from = E164.Normalize(wish.From)) is null)
        {
            return (null, Invalid("invalid_from", "\"from\" must be one of your numbers in international form, for "
                + "example +14155550123. Leave it out to send from your first number."));
        }

        if (to == from)
        {
            return (null, Invalid("invalid_to", "\"to\" and \"from\" are the same number."));
        }

        return CheckBody(wish.Message) is { } refusal
            ? (null, refusal)
            : (new SmsDraft(to, CountryPrefixes.CountryOf(to), wish.Message!, from), null);
    }

    public static SmsRefusal? CheckBody(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return Invalid("empty_message", "\"message\" is empty. Write at least one character.");
        }

        if (body.Length > BodyMax)
        {
            return Invalid("message_too_long",
                $"\"message\" has {body.Length} characters; {BodyMax} are the most. Shorten it or send two messages.");
        }

        for (var i = 0; i < body.Length; i++)
        {
            var isPair = i + 1 < body.Length && char.IsSurrogatePair(body[i], body[i + 1]);
            if ((char.IsControl(body[i]) && body[i] is not ('\n' or '\r' or '\t'))
                || (char.IsSurrogate(body[i]) && !isPair))
            {
                return Invalid("unsendable_character",
                    $"Character {i + 1} of \"message\" (U+{(int)body[i]:X4}) cannot be sent. Remove it.");
            }

            i += isPair ? 1 : 0;
        }

        return null;
    }

    private static SmsRefusal Invalid(string code, string detail) => new(SmsRefusalKind.Invalid, code, detail);

    public override string ToString() => $"SMS of {Body.Length} characters to {Country}";
}
