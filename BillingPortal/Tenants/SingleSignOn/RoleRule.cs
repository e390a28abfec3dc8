namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>What somebody may do of whom the issuer says this. Ownership is not given from outside. Pure.</summary>
public sealed record RoleRule(string Value, MemberRole Role)
{
    public const int RulesMax = 50;
    private const int ValueMax = 150;

    /// <summary>From lines <c>value = role</c>; null with the line that is none.</summary>
    public static (IReadOnlyList<RoleRule>? Rules, string? Fault) Parse(string? text)
    {
        var rules = new List<RoleRule>();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = line.LastIndexOf('=');
            var value = cut < 0 ? "" : line[..cut].Trim();
            var role = cut < 0 ? null : RoleOf(line[(cut + 1)..].Trim());
            if (value.Length is 0 or > ValueMax || role is null)
            {
                return (null, line.Length <= 60 ? line : line[..60] + "…");
            }

            rules.Add(new RoleRule(value, role.Value));
        }

        return rules.Count <= RulesMax ? (rules, null) : (null, $"more than {RulesMax} lines");
    }

    public static string Text(IEnumerable<RoleRule> rules) =>
        string.Join('\n', rules.Select(rule => $"{rule.Value} = {rule.Role.ToText()}"));

    /// <summary>The role by the first rule that fits one of the values.</summary>
    public static MemberRole Of(IReadOnlyList<RoleRule> rules, IReadOnlyCollection<string> values, MemberRole otherwise) =>
        rules.FirstOrDefault(rule => values.Contains(rule.Value))?.Role ?? otherwise;

    private static MemberRole? RoleOf(string word) => word.Replace('_', ' ').ToUpperInvariant() switch
    {
        "BILLING ADMIN" => MemberRole.BillingAdmin,
        "VIEWER" => MemberRole.Viewer,
        _ => null,
    };
}
