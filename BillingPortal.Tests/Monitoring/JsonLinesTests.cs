using System.Text.Json;
using BillingPortal.Monitoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Monitoring;

/// <summary>What a log line looks like where machines read it.</summary>
public sealed class JsonLinesTests
{
    [Fact]
    public void An_event_is_one_line_whatever_stands_in_it()
    {
        var text = Write("Said {What} to {Count}", [new("What", "a \"b\"\nc"), new("Count", 3), new("None", null)]);
        var line = JsonDocument.Parse(text).RootElement;

        Assert.Equal(1, text.Count(letter => letter == '\n'));
        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("a \"b\"\nc", line.GetProperty("What").GetString());
        Assert.Equal(3, line.GetProperty("Count").GetInt32());
        Assert.EndsWith("Z", line.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.False(line.TryGetProperty("{OriginalFormat}", out _));
    }

    [Fact]
    public void The_nearer_scopes_field_wins_and_the_lines_own_over_both()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push(new KeyValuePair<string, object?>[] { new("TenantId", "outer"), new("RequestId", "r1"),
            new("A", "outer") });
        using var inner = scopes.Push(new KeyValuePair<string, object?>[] { new("TenantId", "inner") });
        var line = JsonDocument.Parse(Write("x", [new("A", "own")], scopes)).RootElement;

        Assert.Equal("inner", line.GetProperty("TenantId").GetString());
        Assert.Equal("r1", line.GetProperty("RequestId").GetString());
        Assert.Equal("own", line.GetProperty("A").GetString());
    }

    [Fact]
    public void A_failure_is_on_the_same_line()
    {
        var line = JsonDocument.Parse(Write("x", [], failure: new InvalidOperationException("one\ntwo"))).RootElement;

        Assert.Contains("one\ntwo", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static string Write(
        string message, KeyValuePair<string, object?>[] state, IExternalScopeProvider? scopes = null, Exception? failure = null)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        KeyValuePair<string, object?>[] all = [.. state, new("{OriginalFormat}", message)];
        new JsonLines().Write(
            new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Information, "Test", default, all, failure, (_, _) => message),
            scopes, writer);
        return writer.ToString();
    }
}
