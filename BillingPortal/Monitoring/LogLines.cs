using Microsoft.Extensions.Logging.Console;

namespace BillingPortal.Monitoring;

/// <summary>
/// How log lines look on the console: JSON everywhere but in Development, where people read along.
/// <c>Logging:Console:FormatterName</c> (<c>json-lines</c>, <c>simple</c>, …) decides otherwise.
/// </summary>
internal static class LogLines
{
    public static void AddLogLines(this WebApplicationBuilder builder)
    {
        var usual = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : JsonLines.FormatterName;
        builder.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName ??= usual);
        builder.Services.PostConfigure<SimpleConsoleFormatterOptions>(options =>
        {
            options.UseUtcTimestamp = true;
            options.TimestampFormat ??= "HH:mm:ss.fff ";
        });
    }
}
