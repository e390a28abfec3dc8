using BillingPortal.Tenants.Tokens;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Reads an issuer for an owner who sets it up, and says in plain words what is right and what is not. Changes nothing.</summary>
public sealed class SsoProbe
{
    private readonly IssuerClient _client;

    internal SsoProbe(IssuerClient client) => _client = client;

    public async Task<IReadOnlyList<SsoFinding>> ProbeAsync(string issuer, CancellationToken cancellationToken = default)
    {
        var findings = new List<SsoFinding>();
        try
        {
            var document = await _client.DiscoverAsync(issuer.Trim(), cancellationToken);
            findings.Add(new(true, $"{new Uri(issuer.Trim()).Host} answers, and calls itself exactly what you entered."));
            findings.Add(document.AuthorizationEndpoint is { } place && document.TokenEndpoint is not null
                ? new(true, $"People sign in at {place.Host}.")
                : new(false, "It has no addresses for signing people in (authorization_endpoint, token_endpoint)."));
            findings.Add(document.KnowsS256 is false
                ? new(false, "It does not take PKCE with S256, which this portal always uses.")
                : new(true, "Sign-ins are tied to their browser (PKCE)."));
            if (document.KnowsEmail is false)
            {
                findings.Add(new(false, "It does not list the scope email: without a verified address nobody can be told apart."));
            }

            var keys = await _client.KeysAsync(document.JwksUri, cancellationToken);
            var count = keys.Count == 1 ? "One key" : $"{keys.Count} keys";
            findings.Add(new(true, $"{count} to check its signatures by."));
        }
        catch (IssuerException failure)
        {
            findings.Add(new(false, $"{failure.Message} {AdviceOf(failure.Fault)}".Trim()));
        }

        return findings;
    }

    private static string AdviceOf(IssuerFault fault) => fault switch
    {
        IssuerFault.BadAddress => "Enter it as its documentation has it, beginning with https://.",
        IssuerFault.PrivateAddress => "The issuer has to be reachable from the internet.",
        IssuerFault.Unreachable => "Check the spelling, and that it is up.",
        IssuerFault.WrongStatus => "Is that really the issuer's address? Some have a path after the host, with the tenant or realm in it.",
        IssuerFault.AnotherIssuer => "Enter it as it calls itself: a slash at the end, or a missing one, counts.",
        IssuerFault.TooLong or IssuerFault.NoDocument => "That is not an OpenID Connect issuer.",
        IssuerFault.NoKeys => "Let it sign with RS256 or ES256.",
    };
}

/// <summary>One thing that was looked at.</summary>
public sealed record SsoFinding(bool IsGood, string Text);
