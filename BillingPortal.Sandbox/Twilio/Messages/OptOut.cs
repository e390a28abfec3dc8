using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>Whether a handset has stopped messages from one number; kept per pair, as Twilio does.</summary>
internal sealed record OptOut : IRecord
{
    public required string Id { get; init; }

    public required string Number { get; init; }

    public required string Handset { get; init; }

    public required bool IsOut { get; init; }

    public static bool Blocks(Change change, string number, string handset) =>
        change.Find<OptOut>(Key(number, handset)) is { IsOut: true };

    public static void Put(Change change, string number, string handset, bool isOut) => change.Put(
        new OptOut { Id = Key(number, handset), Number = number, Handset = handset, IsOut = isOut });

    private static string Key(string number, string handset) => $"{number}>{handset}";
}
