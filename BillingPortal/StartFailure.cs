using BillingPortal.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BillingPortal;

/// <summary>Turns what stops a start into one sentence a person can act on. Anything unexpected keeps its stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Null when the cause is not one that a setting or another program explains.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        EmbeddedPostgresException postgres => postgres.Message,
        KeyRingClosedException ring => ring.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "PostgreSQL refused the sign-in: check ConnectionStrings:BillingPortal.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"PostgreSQL refused: {refused.MessageText}. The roles are made once by an administrator, see docs/operations.md.",
        NpgsqlException { InnerException: System.Net.Sockets.SocketException } =>
            "PostgreSQL does not answer: check ConnectionStrings:BillingPortal and that the server runs.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            "The port is taken by another program. Stop it, or choose another with --urls or PORT.",
        InvalidOperationException { InnerException: PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } } =>
            "The database's tables are in use by long transactions, and 'migrate' has given way 40 times. Nothing of that migration "
            + "is left; see docs/operations/upgrade.md for who it is, and run it again.",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        AggregateException several when several.InnerExceptions.All(one => one is OptionsValidationException) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Explain)),
        _ => null,
    };
}
