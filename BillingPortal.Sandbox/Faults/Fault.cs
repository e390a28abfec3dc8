namespace BillingPortal.Sandbox.Faults;

/// <summary>The ways in which a provider's call goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>Answers correctly, late.</summary>
    Slow,

    /// <summary>500 from the provider's gateway: nothing ran, nothing is stored under the key.</summary>
    Error,

    /// <summary>500 from within the endpoint: nothing ran, but the 500 is stored and replayed under the key.</summary>
    ErrorStored,

    /// <summary>The call takes effect and answers 500; the 500 is replayed under the key.</summary>
    ErrorAfter,

    /// <summary>429: refused before anything ran.</summary>
    RateLimit,

    /// <summary>The connection is cut before anything ran.</summary>
    Disconnect,

    /// <summary>The call takes effect, then the connection is cut without an answer.</summary>
    TimeoutAfter,
}

/// <summary>A fault for the next calls that fit.</summary>
internal sealed record Fault
{
    public string? Id { get; init; }

    public required string Provider { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>How many calls it hits; null: all until it is removed.</summary>
    public int? Count { get; init; } = 1;

    /// <summary>A part of the path; empty fits all.</summary>
    public string Path { get; init; } = "";

    /// <summary>The HTTP method; empty fits all.</summary>
    public string Method { get; init; } = "";

    /// <summary>The wait of <see cref="FaultKind.Slow"/>, or how long a cut connection hangs first.</summary>
    public int Milliseconds { get; init; }

    public bool Fits(string provider, string method, string path) =>
        Provider == provider
        && (Method.Length == 0 || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && path.Contains(Path, StringComparison.Ordinal);
}
