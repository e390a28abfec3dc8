namespace BillingPortal.Kernel;

/// <summary>Names what the log lines within are about: ids only, never names.</summary>
public static class LogScope
{
    public static IDisposable? With(this ILogger logger, params (string Name, object? Id)[] fields) =>
        logger.BeginScope(fields.Where(field => field.Id is not null)
            .Select(field => new KeyValuePair<string, object?>(field.Name, field.Id)).ToArray());
}
