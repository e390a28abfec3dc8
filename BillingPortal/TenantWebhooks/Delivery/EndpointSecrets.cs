using Microsoft.AspNetCore.DataProtection;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>Encrypts signing secrets for the database, with the keys that protect the portal's sessions.</summary>
public sealed class EndpointSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("BillingPortal.TenantWebhooks.Secret");

    public string Protect(string secret) => _protector.Protect(secret);

    public string Open(string stored) => _protector.Unprotect(stored);
}
