namespace BillingPortal.Web.Shutdown;

/// <summary>Registers how a process takes its leave.</summary>
internal static class ShutdownRegistration
{
    public static WebApplicationBuilder AddShutdown(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(ShutdownOptions.Section).Get<ShutdownOptions>() ?? new ShutdownOptions();
        options.Validate();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Departure>();
        builder.Services.AddSingleton<IHostLifetime, PortalLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds));
        builder.Services.AddHealthChecks().AddCheck<Departure>("departure", tags: [DatabaseCheck.Tag]);
        return builder;
    }

    /// <summary>Comes first: it concerns every answer.</summary>
    public static WebApplication UseShutdown(this WebApplication app)
    {
        var departure = app.Services.GetRequiredService<Departure>();
        app.Use(next => context => departure.CloseAfterAsync(context, next));
        return app;
    }
}
