using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace BillingPortal.Data;

/// <summary>Registers the database of one process, its signals and the keys that it keeps for ASP.NET Core.</summary>
public static class DataRegistration
{
    public static IServiceCollection AddData(this IServiceCollection services, ConnectionStrings connections)
    {
        services.AddSingleton(connections);
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<PostgresSignals>();
        services.AddSingleton<PostgresKeyRing>();
        services.AddSingleton(provider => new KeyRingCipher(
            provider.GetService<IConfiguration>()?.GetSection(KeyRingCipher.Section).Get<string[]>() ?? []));
        // Before data protection, whose own start makes a new key where it can open none.
        services.AddHostedService<KeyRingSealer>();
        services.AddDataProtection().SetApplicationName("BillingPortal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options =>
            {
                var cipher = provider.GetRequiredService<KeyRingCipher>();
                options.XmlRepository = provider.GetRequiredService<PostgresKeyRing>();
                options.XmlEncryptor = cipher.IsOn ? cipher : null;
            }));
        return services;
    }
}
