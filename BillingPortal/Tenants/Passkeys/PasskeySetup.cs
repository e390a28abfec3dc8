using System.Net;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>
/// Whose passkeys these are and what they must prove. They belong to the host name of <c>App:PublicUrl</c>, and answers count from
/// exactly that address. An IP address cannot have any (WebAuthn, "RP ID"); this machine's own is taken for its name, localhost.
/// </summary>
internal sealed class PasskeySetup(IOptions<AppOptions> app) : IConfigureOptions<IdentityPasskeyOptions>
{
    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = AddressOf(app.Value.PublicUrl)?.Host;
        options.ValidateOrigin = origin => ValueTask.FromResult(
            !origin.CrossOrigin && origin.Origin == AddressOf(app.Value.PublicUrl)?.GetLeftPart(UriPartial.Authority));
        // Finger, face or PIN on the device is the second step; and the device knows whose it is, so nobody types an address.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AuthenticatorTimeout = TimeSpan.FromMinutes(5);
    }

    /// <summary>Where passkeys work; null: nowhere.</summary>
    public static Uri? AddressOf(Uri? publicUrl) =>
        publicUrl is null || !IPAddress.TryParse(publicUrl.Host.Trim('[', ']'), out var address) ? publicUrl
        : IPAddress.IsLoopback(address) ? new UriBuilder(publicUrl) { Host = "localhost" }.Uri
        : null;
}
