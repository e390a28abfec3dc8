using System.Diagnostics;
using OpenTelemetry;

namespace BillingPortal.Monitoring;

/// <summary>
/// Takes out of finished spans what is about people or is a secret: the caller's address and browser, paths (an invitation's is its key)
/// and queries, statements' texts. What is left names the route, the method, the outcome.
/// </summary>
internal sealed class SpanCare : BaseProcessor<Activity>
{
    private static readonly string[] Private =
    [
        "url.path", "url.query", "client.address", "client.port", "network.peer.address", "network.peer.port", "user_agent.original",
        "db.query.text", "db.npgsql.data_source", "db.connection_string",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var key in Private)
        {
            if (data.GetTagItem(key) is not null)
            {
                data.SetTag(key, null);
            }
        }

        // Whose server was called, not which of its addresses: a tenant's webhook may carry its key in the path.
        if (data.GetTagItem("url.full") is string full)
        {
            data.SetTag("url.full", Uri.TryCreate(full, UriKind.Absolute, out var address)
                ? address.GetLeftPart(UriPartial.Authority) : null);
        }
    }
}
