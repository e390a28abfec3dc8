using BillingPortal.Audit;
using BillingPortal.Components.Layout;
using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Tenants.Addresses;
using BillingPortal.Tenants.ApiTokens;
using BillingPortal.Tenants.Keys;
using BillingPortal.Tenants.Mail;
using BillingPortal.Tenants.Passkeys;
using BillingPortal.Tenants.Passwords;
using BillingPortal.Tenants.Sessions;
using BillingPortal.Tenants.SignIn;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tenants.Team;
using BillingPortal.Tenants.Team.History;
using BillingPortal.Tenants.Throttling;
using BillingPortal.Tenants.Viewing;
using BillingPortal.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants;

/// <summary>Registers tenants, sign-in and API keys.</summary>
public static class TenantsRegistration
{
    private const int HashRounds = 210_000;
    private const string SessionOrBearer = "session-or-bearer";

    public static IServiceCollection AddTenants(this IServiceCollection services, IConfiguration configuration)
    {
        AddKeys(services);
        services.AddTeam();
        services.AddSingleton<TenantReader>();
        services.AddSingleton<TenantService>();
        services.AddSingleton<CronSecrets>();
        services.AddSharedSecrets();
        // Waits are real time, whatever the sandbox's clock says.
        services.AddSingleton(provider => new AttemptThrottle(
            provider.GetRequiredService<Database>(), TimeProvider.System, provider.GetRequiredService<ILogger<AttemptThrottle>>()));
        services.AddSingleton<SignInAttempts>();
        services.AddScoped<PasswordDoor>();
        AddPasswords(services);
        services.AddSingleSignOn();
        services.AddScoped<CurrentTenant>();
        services.AddScoped<SessionFactory>();
        services.AddSingleton<TenantViews>();
        services.AddScoped<ViewSessions>();
        services.AddScoped<IUserStore<User>, UserStore>();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<CircuitHandler, TenantCircuitHandler>();
        services.AddCascadingAuthenticationState();
        AddIdentity(services);
        AddSchemes(services);
        Policies.AddTo(services.AddAuthorizationBuilder());
        return services;
    }

    public static IEndpointRouteBuilder MapTenants(this IEndpointRouteBuilder routes) =>
        routes.MapSignIn().MapPasskeys().MapSingleSignOn().MapViewing().MapHistory();

    private static void AddKeys(IServiceCollection services)
    {
        services.TryAddSingleton<AuditLog>();
        services.AddApiTokens();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<ApiKeyReader>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService<KeyUseWriter>();
        services.AddSingleton<INavigationRule, KeysNavigation>();
    }

    private static void AddPasswords(IServiceCollection services)
    {
        services.AddSingleton<PersonMails>();
        services.AddSingleton<AccountLog>();
        services.AddSingleton<ResetAttempts>();
        services.AddScoped<PasswordService>();
        services.AddScoped<AddressService>();
        services.AddSingleton<PasskeyStore>();
        services.AddScoped<PasskeyService>();
        services.ConfigureOptions<PasskeySetup>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<SessionReader>();
        services.AddOutboxHandler<PasswordAskedHandler>();
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddIdentityCore<User>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.ClaimsIdentity.SecurityStampClaimType = SessionClaims.SecurityStamp;
                // Length over composition: NIST SP 800-63B, 5.1.1.2.
                options.Password.RequiredLength = 12;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
            })
            .AddPasswordValidator<PasswordWords>()
            .AddSignInManager<DoorSignIn>()
            .AddTokenProvider<AuthenticatorTokenProvider<User>>(TokenOptions.DefaultAuthenticatorProvider);
        // Where people are, as OWASP asks (Password Storage Cheat Sheet); Identity's own 100,000 where many are made for tests.
        services.TryAddSingleton<Transport>();
        services.AddOptions<PasswordHasherOptions>().Configure<Transport>(
            (options, transport) => options.IterationCount = transport.IsSecure ? HashRounds : options.IterationCount);
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.AddScoped<IUserClaimsPrincipalFactory<User>>(provider => provider.GetRequiredService<SessionFactory>());
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = SessionRevalidation.Interval;
            options.TimeProvider = TimeProvider.System;
        });
    }

    private static void AddSchemes(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        var authentication = services.AddAuthentication(SessionOrBearer);
        authentication.AddPolicyScheme(SessionOrBearer, displayName: null, options => options.ForwardDefaultSelector = context =>
            BearerHandler.IsUsedBy(context.Request) ? BearerHandler.SchemeName : IdentityConstants.ApplicationScheme);
        authentication.AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, _ => { });
        authentication.AddIdentityCookies();
        // A session's age is real time, whatever the sandbox's clock says.
        services.ConfigureAll<CookieAuthenticationOptions>(options => options.TimeProvider = TimeProvider.System);
        services.ConfigureApplicationCookie(SessionCookie.Configure);
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, CookieHardening>();
        services.AddSingleton<IPostConfigureOptions<AntiforgeryOptions>, CookieHardening>();
    }
}
