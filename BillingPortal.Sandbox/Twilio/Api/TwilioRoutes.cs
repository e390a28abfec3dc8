namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>Maps Twilio's endpoints below the account's address.</summary>
internal sealed class TwilioRoutes(IEndpointRouteBuilder routes, TwilioPipeline pipeline)
{
    private const string Prefix = $"/twilio/{TwilioIds.Version}/Accounts/{{account}}";

    public void Get(string path, TwilioHandler handler) => routes.MapGet(Prefix + path, Run(handler));

    public void Post(string path, TwilioHandler handler) => routes.MapPost(Prefix + path, Run(handler));

    public void Delete(string path, TwilioHandler handler) => routes.MapDelete(Prefix + path, Run(handler));

    private RequestDelegate Run(TwilioHandler handler) => context => pipeline.RunAsync(context, handler);
}
