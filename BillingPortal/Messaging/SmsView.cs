using BillingPortal.Kernel;

namespace BillingPortal.Messaging;

/// <summary>Everything the list of messages shows for one filter.</summary>
/// <param name="Refusal">Says what is wrong with the filter; the rest is then empty.</param>
/// <param name="HasAny">Whether this tenant has ever had a message.</param>
/// <param name="OpenId">The message that the address asks for, if there is such a one.</param>
public sealed record SmsView(
    string? Refusal, SmsRequest Request, SmsFigures Figures, SmsList List, IReadOnlyList<SmsSender> Senders,
    bool HasAny, Guid? OpenId)
{
    public string? LabelOf(string number) => Senders.FirstOrDefault(sender => sender.Number == number)?.Label;

    /// <summary>Reads the views. Changes nothing.</summary>
    public sealed class Reader(
        SmsReader messages, SmsFiguresReader figures, SmsSenders senders, TimeProvider clock)
    {
        private const int PerPage = 50;

        public async Task<SmsView> ReadAsync(
            Guid tenantId, Unit plan, string timeZone, SmsQuery query, Guid? messageId,
            CancellationToken cancellationToken = default)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
            var request = query.Judge(zone, clock.GetUtcNow());
            if (request.Refusal is { } refusal)
            {
                var none = new SmsFigures(
                    plan, SmsSums.None(plan), Amount.Zero(plan), Days: [], Numbers: [], Countries: []);
                return new SmsView(refusal, request, none, new SmsList([], Next: null), [], HasAny: true, OpenId: null);
            }

            var opened = messageId is { } id ? await messages.FindAsync(tenantId, id, cancellationToken) : null;
            var (filter, cursor) = opened is null ? (request.Filter, request.Cursor) : Around(opened);
            var list = await messages.PageAsync(tenantId, filter, cursor, PerPage, cancellationToken);
            var sums = await figures.ReadAsync(tenantId, plan, timeZone, request, cancellationToken);
            var hasAny = list.Rows.Count > 0 || await messages.AnyAsync(tenantId, cancellationToken);
            return new SmsView(
                Refusal: null, request, sums, list, await senders.ListAsync(tenantId, cancellationToken), hasAny,
                opened?.Id);
        }

        // The page that begins with the message, whatever the period.
        private static (SmsFilter Filter, SmsCursor? Cursor) Around(SmsMessage message) => (
            new SmsFilter(
                message.CreatedAt.AddDays(-SmsQuery.DaysDefault), message.CreatedAt.AddDays(1), Direction: null,
                State: null, Number: null, Country: null, Text: null),
            SmsCursor.From(message));
    }
}
