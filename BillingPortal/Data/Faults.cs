using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// One line about a failure, for a row's <c>last_error</c> and the log: no stack, no row contents, no bodies.
/// </summary>
public static class Faults
{
    private const int LengthMax = 300;

    public static string Describe(Exception exception)
    {
        var text = exception switch
        {
            IFault fault => $"{exception.GetType().Name} {fault.Code}: {exception.Message}",
            PostgresException postgres => $"PostgreSQL {postgres.SqlState}: {postgres.MessageText}",
            _ => $"{exception.GetType().Name}: {exception.Message}",
        };
        return text.Length <= LengthMax ? text : text[..LengthMax];
    }

    /// <summary>False only where the exception itself says that trying again is of no use.</summary>
    public static bool IsWorthRepeating(Exception exception) => exception is not IFault { IsRetryable: false };
}
