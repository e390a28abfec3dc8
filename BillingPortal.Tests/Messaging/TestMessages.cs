using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using Npgsql;

namespace BillingPortal.Tests.Messaging;

/// <summary>
/// Writes many messages at once, past the service: reading tests want thousands of the past, not sends.
/// </summary>
internal static class TestMessages
{
    private const string Copy =
        """
        COPY sms_messages (id, tenant_id, direction, number, peer, country, body, segments, state, payment, unit, price_e4,
          entry_seq, error_code, created_at, updated_at) FROM STDIN (FORMAT binary)
        """;

    /// <summary>One that was sent and delivered, unless said otherwise.</summary>
    public static SmsMessage Message(
        DateTimeOffset at, SmsState state = SmsState.Delivered, SmsPayment payment = SmsPayment.Charged,
        string number = "+12025550100", string peer = "+12025550142", string country = "US", string body = "Hello",
        decimal price = 5, Unit unit = Unit.Credits, int? errorCode = null) => new()
        {
            Id = Guid.CreateVersion7(at),
            TenantId = Guid.Empty,
            Direction = state is SmsState.Received ? SmsDirection.Inbound : SmsDirection.Outbound,
            Number = number,
            Peer = peer,
            Country = country,
            Body = body,
            Segments = 1,
            State = state,
            Payment = payment,
            Unit = unit,
            PriceE4 = Amount.Of(price, unit).E4,
            EntrySeq = payment is SmsPayment.Charged or SmsPayment.Refunded ? 1 : null,
            ErrorCode = errorCode,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public static SmsMessage Received(
        DateTimeOffset at, SmsPayment payment = SmsPayment.Charged, string body = "Hi", string peer = "+12025550142",
        string number = "+12025550100", string country = "US") =>
        Message(at, SmsState.Received, payment, number, peer, country, body, price: 1);

    /// <summary>Its timeline as it usually is: everything before, a few seconds apart.</summary>
    public static IEnumerable<SmsStep> StepsOf(SmsMessage message)
    {
        SmsState[] way = message.State switch
        {
            SmsState.Received => [SmsState.Received],
            SmsState.Recorded => [SmsState.Recorded],
            SmsState.Unknown or SmsState.Refused or SmsState.Queued => [SmsState.Recorded, message.State],
            SmsState.Sent => [SmsState.Recorded, SmsState.Queued, SmsState.Sent],
            _ => [SmsState.Recorded, SmsState.Queued, SmsState.Sent, message.State],
        };
        return way.Select((state, n) => new SmsStep
        {
            MessageId = message.Id,
            TenantId = message.TenantId,
            State = state,
            At = message.CreatedAt.AddSeconds(n * 2),
            ErrorCode = state == message.State ? message.ErrorCode : null,
        });
    }

    public static async Task WriteAsync(
        ConnectionStrings connections, Guid tenantId, params IEnumerable<SmsMessage> messages)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        await using var connection = await owner.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(Copy);
        var all = messages.ToList();
        foreach (var one in all)
        {
            await copy.WriteRowAsync(
                default, one.Id, tenantId, TextCodes.Of(one.Direction), one.Number, one.Peer, one.Country, one.Body,
                one.Segments, TextCodes.Of(one.State), TextCodes.Of(one.Payment), one.Unit.ToCode(), one.PriceE4,
                OrNull(one.EntrySeq), OrNull(one.ErrorCode), one.CreatedAt, one.UpdatedAt);
        }

        await copy.CompleteAsync();
        await copy.CloseAsync();
        await using var steps = await connection.BeginBinaryImportAsync(
            "COPY sms_steps (message_id, tenant_id, state, at, error_code) FROM STDIN (FORMAT binary)");
        foreach (var step in all.SelectMany(StepsOf))
        {
            await steps.WriteRowAsync(
                default, step.MessageId, tenantId, TextCodes.Of(step.State), step.At, OrNull(step.ErrorCode));
        }

        await steps.CompleteAsync();
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
