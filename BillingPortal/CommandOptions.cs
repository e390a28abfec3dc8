namespace BillingPortal;

/// <summary>The words behind a verb: <c>--name value</c>, in any order.</summary>
internal static class CommandOptions
{
    /// <exception cref="CommandLineException">An option is unknown or has no value; the message says which.</exception>
    public static Dictionary<string, string> Parse(string[] options, string[] known)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < options.Length; index += 2)
        {
            if (!known.Contains(options[index]))
            {
                throw new CommandLineException($"There is no option {options[index]}; there are {string.Join(", ", known)}.");
            }

            given[options[index]] = index + 1 < options.Length
                ? options[index + 1]
                : throw new CommandLineException($"{options[index]} needs a value.");
        }

        return given;
    }

    /// <exception cref="CommandLineException">The option was not given.</exception>
    public static string Required(this Dictionary<string, string> given, string option, string what) =>
        given.GetValueOrDefault(option) ?? throw new CommandLineException($"{option} <{what}> is missing.");
}
