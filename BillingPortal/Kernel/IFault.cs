namespace BillingPortal.Kernel;

/// <summary>An exception that knows whether the same work may succeed later, and a stable word for what happened.</summary>
public interface IFault
{
    string Code { get; }

    bool IsRetryable { get; }
}
