namespace BillingPortal.Sandbox.Storage;

/// <summary>
/// Anything the sandbox remembers: an immutable record under its id. A change puts a new one in its place.
/// </summary>
internal interface IRecord
{
    string Id { get; }
}

/// <summary>A property that is kept in the state file and never shown through a provider's interface.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SandboxOnlyAttribute : Attribute;
