using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>One call while it is executed: its parameters, the world it may change and the time.</summary>
internal sealed record TwilioCall
{
    public required IFormCollection Form { get; init; }

    public required IQueryCollection Query { get; init; }

    public required Change Change { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>As it was called, for refusals and for the addresses of a list.</summary>
    public required string Path { get; init; }

    public string Id { get; init; } = "";

    public string Country { get; init; } = "";

    /// <summary>Messages that begin to move once the caller has its answer.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>The parameter; null when it was not sent, empty when the caller clears it.</summary>
    public string? Text(string name) => Form.TryGetValue(name, out var values) ? values[^1] ?? "" : null;

    /// <summary>The parameter; null when it was not sent or is empty.</summary>
    public string? Filled(string name) => Text(name) is { Length: > 0 } text ? text : null;

    public string? Asked(string name) => Query.TryGetValue(name, out var values) && values[^1] is { Length: > 0 } text
        ? text
        : null;

    public T Find<T>()
        where T : class, IRecord => Change.Find<T>(Id) ?? throw TwilioError.NotFound(Path);
}

/// <summary>A status and the body, which only a deletion lacks.</summary>
internal sealed record TwilioAnswer(int Status, JsonObject? Body);

/// <summary>What an endpoint does within one change.</summary>
internal delegate TwilioAnswer TwilioHandler(TwilioCall call);
