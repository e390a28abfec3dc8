using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Messaging;

/// <summary>
/// The indexes that reading rests on. The first holds everything that lists are filtered and figures are added up by,
/// so that a million messages are counted without looking at one of them.
/// </summary>
internal sealed class SmsReadingMap : IEntityTypeConfiguration<SmsMessage>
{
    public void Configure(EntityTypeBuilder<SmsMessage> message)
    {
        message.HasIndex(row => new { row.TenantId, row.CreatedAt, row.Id }).IncludeProperties(row => new
        {
            row.Direction,
            row.Number,
            row.Country,
            row.State,
            row.Payment,
            row.Unit,
            row.PriceE4,
        });
        message.HasIndex(row => new { row.TenantId, row.Peer, row.CreatedAt, row.Id })
            .HasDatabaseName("ix_sms_messages_peer");
        message.HasIndex(row => row.ReservationId).IncludeProperties(row => row.PriceE4)
            .HasFilter("payment = 'refunded' AND reservation_id IS NOT NULL").HasDatabaseName("ix_sms_messages_given_back");
    }
}

/// <summary>The opt-out list is shown newest first.</summary>
internal sealed class SmsOptOutReadingMap : IEntityTypeConfiguration<SmsOptOut>
{
    public void Configure(EntityTypeBuilder<SmsOptOut> optOut) =>
        optOut.HasIndex(row => new { row.TenantId, row.OptedOutAt, row.Number, row.Peer })
            .HasDatabaseName("ix_sms_opt_outs_newest");
}
