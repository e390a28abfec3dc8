namespace BillingPortal.Providers.Sms;

/// <summary>Which numbers to look for.</summary>
/// <param name="Country">Two letters, upper case.</param>
/// <param name="AreaCode">Three digits; Twilio knows them for the US and Canada only.</param>
/// <param name="Contains">Digits and letters of a phone's keypad, <c>*</c> for any one.</param>
public sealed record NumberSearch(string Country, string? AreaCode, string? Contains, int Limit);

/// <summary>A number that could be bought a moment ago. Twilio names no price here.</summary>
public sealed record NumberForSale(
    string PhoneNumber, string FriendlyName, string? Locality, string? Region, string Country,
    NumberCapabilities Capabilities);

/// <summary>What a number can do.</summary>
public sealed record NumberCapabilities(bool Sms, bool Voice, bool Mms);

/// <summary>The number to buy and where Twilio is to report about it.</summary>
/// <param name="VoiceUrl">Gets the status of the number's calls.</param>
public sealed record BuyNumber(string PhoneNumber, Uri SmsUrl, Uri VoiceUrl);

/// <summary>Exactly one of the two: a number that is the account's now, or Twilio's refusal.</summary>
public sealed record NumberAnswer(OwnedNumber? Number, TwilioRefusal? Refusal);

/// <summary>A number of the account. An address that is null gets no calls: Twilio knows no other suspension.</summary>
public sealed record OwnedNumber(
    string Sid, string PhoneNumber, string FriendlyName, Uri? SmsUrl, Uri? VoiceUrl, NumberCapabilities Capabilities,
    DateTimeOffset CreatedAt);
