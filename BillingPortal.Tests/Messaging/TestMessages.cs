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
        DateTimeOffset at, SmsPayment payment = SmsPayment.Charged, string body = "Hi", string peer = "+12025550142") =>
        Message(at, SmsState.Received, payment, body: body, peer: peer, price: 1);

    public static async Task WriteAsync(
        ConnectionStrings connections, Guid tenantId, params IEnumerable<SmsMessage> messages)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        await using var connection = await owner.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(Copy);
        foreach (var one in messages)
        {
            await copy.WriteRowAsync(
                default, one.Id, tenantId, TextCodes.Of(one.Direction), one.Number, one.Peer, one.Country, one.Body,
                one.Segments, TextCodes.Of(one.State), TextCodes.Of(one.Payment), one.Unit.ToCode(), one.PriceE4,
                OrNull(one.EntrySeq), OrNull(one.ErrorCode), one.CreatedAt, one.UpdatedAt);
        }

        await copy.CompleteAsync();
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
