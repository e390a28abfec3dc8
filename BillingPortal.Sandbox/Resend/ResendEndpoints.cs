using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Resend;

/// <summary><c>/resend</c>: send one email or up to a hundred, read one back.</summary>
internal static class ResendEndpoints
{
    private const int BatchMax = 100;

    public static IEndpointRouteBuilder MapResend(this IEndpointRouteBuilder routes)
    {
        var resend = routes.MapGroup("/resend");
        resend.MapPost(
            "/emails",
            (HttpContext context, ResendPipeline pipeline, Mailbox mailbox, SandboxTime time) =>
                pipeline.RunAsync(context, (change, body) => SendOne(change, body, mailbox, time)));
        resend.MapPost(
            "/emails/batch",
            (HttpContext context, ResendPipeline pipeline, Mailbox mailbox, SandboxTime time) =>
                pipeline.RunAsync(context, (change, body) => SendMany(change, body, mailbox, time)));
        resend.MapGet("/emails/{id}", (HttpContext context, ResendPipeline pipeline, string id) =>
            pipeline.RunAsync(context, (change, _) => Read(change, id)));
        return routes;
    }

    private static JsonObject SendOne(Change change, JsonNode? body, Mailbox mailbox, SandboxTime time)
    {
        var email = EmailRequest.Read(body, time.GetUtcNow());
        mailbox.Put(change, email);
        return new JsonObject { ["id"] = email.Id };
    }

    /// <summary>All or nothing, as <c>x-batch-validation: strict</c> is at Resend.</summary>
    private static JsonObject SendMany(Change change, JsonNode? body, Mailbox mailbox, SandboxTime time)
    {
        if (body is not JsonArray { Count: > 0 and <= BatchMax } many)
        {
            throw ResendError.Invalid($"The request body must be a list of 1 to {BatchMax} emails.");
        }

        if (many.Any(one => one?["attachments"] is not null || one?["scheduled_at"] is not null))
        {
            throw ResendError.Invalid("`attachments` and `scheduled_at` cannot be used in a batch.");
        }

        var emails = many.Select(one => EmailRequest.Read(one, time.GetUtcNow())).ToList();
        emails.ForEach(email => mailbox.Put(change, email));
        return new JsonObject
        {
            ["data"] = new JsonArray([.. emails.Select(email => new JsonObject { ["id"] = email.Id })]),
        };
    }

    private static JsonObject Read(Change change, string id)
    {
        var email = change.Find<Email>(id) ?? throw new ResendError(404, "not_found", "Email not found");
        return JsonSerializer.SerializeToNode(email, SandboxJson.Public)!.AsObject();
    }
}
