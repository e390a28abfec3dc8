using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal;

/// <summary>
/// <c>create-admin</c>: the owner of a tenant, made when missing, or without a tenant a support lead. The password comes from standard
/// input, never from the command line, where other users of the machine could read it.
/// </summary>
internal static class CreateAdminCommand
{
    private static readonly string[] Known = ["--email", "--name", "--tenant", "--tenant-name", "--plan"];

    /// <exception cref="CommandLineException">An option is missing, unknown or wrong; the message says which.</exception>
    public static async Task RunAsync(TenantService tenants, string[] options, CancellationToken cancellationToken)
    {
        var given = CommandOptions.Parse(options, Known);
        var email = given.Required("--email", "address");
        var name = given.Required("--name", "name");
        var plan = Units.Parse(given.GetValueOrDefault("--plan", "credits"))
            ?? throw new CommandLineException("--plan is credits or usd.");
        var slug = given.GetValueOrDefault("--tenant");
        try
        {
            await tenants.CreateAdminAsync(
                new NewPerson(email, name, ReadPassword()), slug, given.GetValueOrDefault("--tenant-name"), plan, cancellationToken);
        }
        catch (InvalidOperationException refused)
        {
            throw new CommandLineException(refused.Message);
        }

        Console.WriteLine(slug is null ? $"{email} is a support lead." : $"{email} is an owner of {slug}.");
    }

    private static string ReadPassword()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Write("Password: ");
        }

        return Console.ReadLine() is { Length: > 0 } password
            ? password
            : throw new CommandLineException("The password is missing: type it, or send it on standard input.");
    }
}
