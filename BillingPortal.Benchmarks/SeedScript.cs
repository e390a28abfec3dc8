namespace BillingPortal.Benchmarks;

/// <summary>The scripts that fill databases, from this program's resources.</summary>
internal static class SeedScript
{
    /// <summary>The steps of a script, each with its name, its places filled in.</summary>
    public static async Task<IReadOnlyList<(string Name, string Text)>> StepsAsync(
        string script, params (string Place, object Value)[] fills)
    {
        await using var resource = typeof(SeedScript).Assembly.GetManifestResourceStream(script)!;
        using var reader = new StreamReader(resource);
        var text = fills.Aggregate(
            await reader.ReadToEndAsync(), (sql, fill) => sql.Replace($"{{{fill.Place}}}", $"{fill.Value}", StringComparison.Ordinal));
        return [.. text.Split("-- step: ", StringSplitOptions.TrimEntries)[1..].Select(step =>
        {
            var name = step[..step.IndexOf('\n', StringComparison.Ordinal)];
            return (name, step[name.Length..]);
        })];
    }
}
